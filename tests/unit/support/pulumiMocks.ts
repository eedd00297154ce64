import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Name of the parent; undefined for a resource of the stack itself. */
  readonly parent: string | undefined;
  /** As they would reach the provider, with `markSecret` around what is stored encrypted. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of the resources that are waited for, children of a component included; sorted. */
  readonly dependsOn: readonly string[];
  /** Name of the provider resource; undefined for the default one. */
  readonly provider: string | undefined;
  readonly deleteBeforeReplace: boolean;
  readonly replaceOnChanges: readonly string[];
  readonly ignoreChanges: readonly string[];
  /** Names of the hooks that run before it is made. */
  readonly beforeCreate: readonly string[];
}

/** How a secret stands in `Registration.inputs`. */
export function markSecret(value: unknown): { secret: unknown } {
  return { secret: value };
}

/** The part of Pulumi's gRPC request that is recorded. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getObject(): { toJavaScript(): Record<string, unknown> };
  getDependenciesList(): string[];
  getDeletebeforereplace(): boolean;
  getReplaceonchangesList(): string[];
  getIgnorechangesList(): string[];
  getHooks(): { getBeforeCreateList(): string[] } | undefined;
  getAdditionalsecretoutputsList(): string[];
}

interface Monitor {
  registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
  registerErrorHook(request: unknown, callback: (error: null) => void): void;
  registerResourceHook(request: unknown, callback: (error: null) => void): void;
}

// Exported, but left out of the type declarations as `@internal` (@pulumi/pulumi 3.256).
const { getMonitor, waitForRPCs } = pulumi.runtime as unknown as {
  readonly getMonitor: () => Monitor;
  readonly waitForRPCs: () => Promise<void>;
};

/** What providers compute, by resource type. */
const computed: Readonly<Record<string, (name: string) => Record<string, unknown>>> = {
  "docker:index/remoteImage:RemoteImage": (name) => ({ imageId: `sha256:${name}` }),
  "glasshouse:resources:BuiltImage": (name) => ({ imageId: `sha256:${name}` }),
  "random:index/randomPassword:RandomPassword": () => ({ result: "generated" }),
  "glasshouse:resources:VolumeFiles": (name) => ({ revision: `revision of ${name}` }),
};

export class PulumiRecorder {
  private readonly registrations: Registration[] = [];

  /** Runs a piece of program, and returns its result with what it registered, sorted by name. */
  async record<T>(
    program: () => T | Promise<T>,
  ): Promise<{ result: T; resources: Registration[] }> {
    // What a test has made outside of a recording is not part of one.
    await waitForRPCs();
    this.registrations.length = 0;
    const result = await program();
    await waitForRPCs();
    const resources = [...this.registrations].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { result, resources };
  }

  note(request: RegisterRequest): void {
    this.registrations.push({
      type: request.getType(),
      name: request.getName(),
      parent: nameOf(request.getParent()),
      inputs: markSecrets(request.getObject().toJavaScript()) as Record<string, unknown>,
      dependsOn: request
        .getDependenciesList()
        .map((urn) => nameOf(urn) ?? "")
        .sort(),
      provider: nameOf(request.getProvider().replace(/::[^:]*$/, "")),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      replaceOnChanges: request.getReplaceonchangesList(),
      ignoreChanges: request.getIgnorechangesList(),
      beforeCreate: request.getHooks()?.getBeforeCreateList() ?? [],
    });
  }
}

/** Puts mocks in Pulumi's place, for an update of the stack `test`; once per test file, in `beforeAll`. */
export async function recordPulumi(): Promise<PulumiRecorder> {
  const recorder = new PulumiRecorder();
  const secretOutputs = new Map<string, string[]>();
  const secret = (type: string, name: string, state: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(state).map(([key, value]) => [
        key,
        secretOutputs.get(`${type} ${name}`)?.includes(key) ? pulumi.secret(value) : value,
      ]),
    );
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: `id of ${name}`,
        state: secret(type, name, { ...(inputs as object), ...computed[type]?.(name) }),
      }),
      call: ({ token }) => {
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "glasshouse",
    "test",
    false,
  );
  const monitor = getMonitor();
  // Pulumi's own mocks have forgotten these (@pulumi/pulumi 3.256).
  monitor.registerErrorHook = (_request, callback) => callback(null);
  monitor.registerResourceHook = (_request, callback) => callback(null);
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    recorder.note(request);
    const key = `${request.getType()} ${request.getName()}`;
    secretOutputs.set(key, request.getAdditionalsecretoutputsList());
    return register(request, callback);
  };
  return recorder;
}

/** The value that an output comes to; a secret's too. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => pulumi.output(output).apply(resolve));
}

/** Registered resources as `type name < parent`, one line each. */
export function listTree(resources: readonly Registration[]): string[] {
  return resources.map(({ type, name, parent }) =>
    [type, name, ...(parent === undefined ? [] : ["<", parent])].join(" "),
  );
}

export function findResource(resources: readonly Registration[], name: string): Registration {
  const found = resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`${name} was not registered`);
  return found;
}

function nameOf(urn: string): string | undefined {
  return urn === "" ? undefined : urn.split("::").at(-1);
}

/** Pulumi's wire format of secrets. @see `runtime/rpc.ts` of @pulumi/pulumi */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function markSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(markSecrets);
  if (value === null || typeof value !== "object") return value;
  const entries = value as Record<string, unknown>;
  if (entries[signatureKey] === secretSignature) return markSecret(markSecrets(entries["value"]));
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => [key, markSecrets(entry)]),
  );
}
