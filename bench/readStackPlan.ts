import { labels as ownLabels } from "../host/labels";
import type { PlannedContainer, PlannedHealthCheck, StackPlan } from "./stackPlan";

/** The part of `pulumi preview --json` that a plan is read from. */
export interface PreviewDocument {
  readonly steps: readonly {
    readonly newState?: {
      readonly urn: string;
      readonly type: string;
      readonly parent?: string;
      readonly inputs?: Readonly<Record<string, unknown>>;
      readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
    };
  }[];
}

type Declared = NonNullable<PreviewDocument["steps"][number]["newState"]>;

/** Inputs of `docker.Container`, as `components/shared/safeContainer.ts` sets them. */
interface ContainerInputs {
  readonly name: string;
  readonly hostname: string;
  readonly user: string;
  readonly command?: readonly string[];
  readonly envs?: readonly string[];
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly restart: string;
  readonly destroyGraceSeconds: number;
  readonly readOnly: boolean;
  readonly capabilities: { readonly adds?: readonly string[]; readonly drops: readonly string[] };
  readonly securityOpts: readonly string[];
  readonly memory: number;
  readonly cpus: string;
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly logDriver: string;
  readonly logOpts: Readonly<Record<string, string>>;
  readonly networksAdvanced: readonly { readonly aliases: readonly string[] }[];
  readonly ports?: readonly { internal: number; external: number; ip: string }[];
  readonly mounts?: readonly { source: string; target: string; readOnly?: boolean }[];
  readonly hosts?: readonly { host: string; ip: string }[];
  readonly healthcheck?: {
    readonly tests: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly startPeriod: string;
  };
}

/**
 * What the program declares, for tools that deploy the same: every peer gets what Pulumi gets, so that hardening that is
 * added to the program reaches all of them.
 *
 * @param prefix what every name on the host starts with; it is left out of the plan
 */
export function readStackPlan({ steps }: PreviewDocument, prefix: string): StackPlan {
  const declared = steps.flatMap(({ newState }) => newState ?? []);
  const ofType = (type: string) => declared.filter((resource) => resource.type.endsWith(type));
  const withoutPrefix = (name: string) => name.replace(`${prefix}-`, "");
  const imageByUrn = new Map(
    ofType(":RemoteImage").map(({ urn, inputs }) => [urn, String(inputs?.["name"])]),
  );
  const pidsByParent = new Map(
    ofType(":RunningContainers").map(({ parent, inputs }) => [parent, Number(inputs?.["pids"])]),
  );
  const folders = Object.fromEntries(
    ofType(":VolumeFiles").map(({ inputs }) => [
      withoutPrefix(String(inputs?.["volume"])),
      inputs?.["files"] as Record<string, string>,
    ]),
  );
  const containers = ofType(":Container")
    .map((resource) =>
      planContainer(resource, {
        image: findImage(resource, imageByUrn),
        pids: findPids(resource, pidsByParent),
        withoutPrefix,
      }),
    )
    // Pulumi tells of resources as they come, which is another order each time.
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const volumes = ofType(":Volume")
    .map(({ inputs }) => withoutPrefix(String(inputs?.["name"])))
    .filter((name) => !(name in folders));
  rejectUnknownMounts(containers, [...volumes, ...Object.keys(folders)]);
  return { folders, volumes, containers };
}

/** @throws Error for an image that a container of another tool could not be made from, such as one that is yet to be built */
function findImage(
  { urn, propertyDependencies }: Declared,
  imageByUrn: ReadonlyMap<string, string>,
): string {
  // A container waits for more than its image: for a volume whose data has been looked at.
  const dependencies = propertyDependencies?.["image"] ?? [];
  const reference = dependencies.map((one) => imageByUrn.get(one)).find((one) => one !== undefined);
  if (reference === undefined) {
    throw new Error(
      `the plan does not tell by name from which image ${urn} is made, but only by ${dependencies.join(", ") || "nothing"}: ` +
        "the bench needs images that are there already",
    );
  }
  return reference;
}

function findPids(
  { urn, parent }: Declared,
  pidsByParent: ReadonlyMap<string | undefined, number>,
): number {
  const pids = pidsByParent.get(parent);
  if (pids === undefined) throw new Error(`the plan has no limit of processes for ${urn}`);
  return pids;
}

function rejectUnknownMounts(
  containers: readonly PlannedContainer[],
  known: readonly string[],
): void {
  for (const { name, mounts } of containers) {
    const unknown = mounts.find(({ source }) => !known.includes(source));
    if (unknown) throw new Error(`the plan has no volume ${unknown.source}, which ${name} mounts`);
  }
}

interface Surroundings {
  readonly image: string;
  readonly pids: number;
  readonly withoutPrefix: (name: string) => string;
}

function planContainer(
  { inputs: raw }: Declared,
  { image, pids, withoutPrefix }: Surroundings,
): PlannedContainer {
  const inputs = raw as unknown as ContainerInputs;
  const labels = Object.fromEntries(inputs.labels.map(({ label, value }) => [label, value]));
  return {
    name: inputs.hostname,
    app: labels[ownLabels.app] ?? inputs.hostname,
    image,
    user: inputs.user,
    command: inputs.command ?? [],
    environment: Object.fromEntries((inputs.envs ?? []).map(splitVariable)),
    // Not those that say whose a container is: a peer's are not the stack's.
    labels: Object.fromEntries(
      Object.entries(labels).filter(([label]) => !/\.(project|stack)$/.test(label)),
    ),
    restart: inputs.restart,
    stopGraceSeconds: inputs.destroyGraceSeconds,
    readOnly: inputs.readOnly,
    capabilities: { adds: inputs.capabilities.adds ?? [], drops: inputs.capabilities.drops },
    securityOptions: inputs.securityOpts,
    memoryMb: inputs.memory,
    cpus: Number(inputs.cpus),
    pids,
    tmpfs: inputs.tmpfs,
    logDriver: inputs.logDriver,
    logOptions: inputs.logOpts,
    aliases: inputs.networksAdvanced.flatMap(({ aliases }) => aliases),
    ports: (inputs.ports ?? []).map(({ internal, external, ip }) => ({
      internal,
      external,
      address: ip,
    })),
    mounts: (inputs.mounts ?? []).map(({ source, target, readOnly = false }) => ({
      source: withoutPrefix(source),
      target,
      readOnly,
    })),
    hosts: (inputs.hosts ?? []).map(({ host, ip }) => ({ host, ip })),
    healthCheck: inputs.healthcheck && planHealthCheck(inputs.healthcheck),
  };
}

function planHealthCheck({
  tests,
  interval,
  timeout,
  retries,
  startPeriod,
}: NonNullable<ContainerInputs["healthcheck"]>): PlannedHealthCheck {
  return {
    command: tests.slice(1),
    intervalSeconds: readGoDuration(interval),
    timeoutSeconds: readGoDuration(timeout),
    retries,
    startPeriodSeconds: readGoDuration(startPeriod),
  };
}

function splitVariable(text: string): [string, string] {
  const end = text.indexOf("=");
  return [text.slice(0, end), text.slice(end + 1)];
}

const secondsOf: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

function readGoDuration(text: string): number {
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (secondsOf[unit ?? ""] ?? 0),
    0,
  );
}
