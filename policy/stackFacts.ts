import { renderServerPath, servers } from "../config/servers/servers";
import { componentTypes, currentType, foreignTypes, typeToken } from "../resources/types";

/** A resource as the engine knows it at the end of a preview, as plain data. What is not known yet is left out. */
export interface ResourceFacts {
  readonly urn: string;
  readonly type: string;
  /** Name in the program, not on the host. */
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** URN of the component that it belongs to. */
  readonly parent?: string | undefined;
  /** URNs that the value of a property comes from, by property. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** Text of the Dockerfile that an image is built from. */
  readonly dockerfile?: string | undefined;
}

/** Everything that the rules look at. */
export type StackFacts = readonly ResourceFacts[];

/** The parts of a container, or of a Swarm's service, that rules ask for. */
export interface ContainerFacts {
  readonly resource: ResourceFacts;
  readonly owner: Owner;
  readonly inSwarm: boolean;
  readonly user: string;
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly command: readonly string[];
  readonly hasHealthCheck: boolean;
  /** The port that it serves, as far as it is known. */
  readonly port: number | undefined;
  /** Host addresses of its published ports; empty text for every address. */
  readonly publishAddresses: readonly string[];
  /** The volumes it mounts at `/run/secrets`. */
  readonly secretVolumes: readonly string[];
}

/** Who has a resource, in the words of the stack file. */
export interface Owner {
  /** An app's name, a server's, or the resource's own name in the program. */
  readonly name: string;
  /** How a setting of it is written in a message. */
  readonly setting: (key: string) => string;
}

/** The containers of the stack, and the services that are made of them. */
export function listContainers(stack: StackFacts): ContainerFacts[] {
  return [...listPlainContainers(stack), ...listServices(stack)];
}

function listPlainContainers(stack: StackFacts): ContainerFacts[] {
  return ofType(stack, foreignTypes.container).map((resource) => {
    const { props } = resource;
    const tests = texts(recordOf(props["healthcheck"])["tests"]);
    return {
      resource,
      owner: findOwner(stack, resource),
      inSwarm: false,
      user: textOf(props["user"]),
      environment: texts(props["envs"]).map(splitAssignment),
      labels: records(props["labels"]).map(({ label, value }) => [textOf(label), textOf(value)]),
      command: texts(props["command"]),
      hasHealthCheck: tests.length > 0 && tests[0] !== "NONE",
      port: findPort(stack, resource),
      publishAddresses: records(props["ports"]).map(({ ip }) => textOf(ip)),
      secretVolumes: records(props["mounts"])
        .filter(({ target }) => textOf(target).startsWith("/run/secrets"))
        .map(({ source }) => textOf(source)),
    };
  });
}

function listServices(stack: StackFacts): ContainerFacts[] {
  return ofType(stack, typeToken("SwarmService")).map((resource) => {
    const { props } = resource;
    const entries = (key: string) =>
      Object.entries(recordOf(props[key])).map(([name, value]) => [name, textOf(value)] as const);
    const test = texts(recordOf(props["healthCheck"])["command"]);
    const ports = records(props["ports"]);
    return {
      resource,
      owner: findOwner(stack, resource),
      inSwarm: true,
      user: textOf(props["user"]),
      environment: entries("environment"),
      labels: entries("containerLabels"),
      command: [...texts(props["entrypoint"]), ...texts(props["command"])],
      hasHealthCheck: test.length > 0,
      port: Number(ports[0]?.["port"]) || undefined,
      publishAddresses: ports.map(() => "0.0.0.0"),
      secretVolumes: [],
    };
  });
}

/**
 * The stack without what goes with this update: Pulumi hands that to a pack as well when it has looked at the host first
 * (`refresh: always`). It is known by the stack's outputs, which name every app, and by the replicas that no resource waits for.
 */
export function leaveOutLeaving(stack: StackFacts): StackFacts {
  const appUrls = ofType(stack, foreignTypes.stack)[0]?.props["appUrls"];
  const goes = ({ type, name }: ResourceFacts): boolean =>
    type === componentTypes.app && appUrls !== undefined && !(name in recordOf(appUrls));
  return stack.filter((resource) => {
    const parent = findByUrn(stack, resource.parent);
    if (goes(resource) || (parent !== undefined && goes(parent))) return false;
    if (resource.type !== foreignTypes.container) return true;
    const keeper = listKeepers(stack).find((each) => each.parent === resource.parent);
    return keeper === undefined || (keeper.sources["containers"] ?? []).includes(resource.urn);
  });
}

/** Images, pulled or built. */
export function listImages(stack: StackFacts): ResourceFacts[] {
  return stack.filter(isImage);
}

function isImage({ type }: ResourceFacts): boolean {
  return type === foreignTypes.remoteImage || type === typeToken("BuiltImage");
}

/** The image that a container is made from. */
export function findImage(stack: StackFacts, container: ResourceFacts): ResourceFacts | undefined {
  const { image = [], imageId = [] } = container.sources;
  const sources = [...image, ...imageId].map((urn) => findByUrn(stack, urn));
  return sources.find((source) => source !== undefined && isImage(source));
}

/** Files that are written into volumes, by the volume's name, and those of services, which need none. */
export function listFiles(stack: StackFacts) {
  const describe = (resource: ResourceFacts, files: unknown) => ({
    resource,
    owner: findOwner(stack, resource),
    volume: textOf(resource.props["volume"]),
    files: Object.entries(recordOf(files)).map(
      ([path, content]) => [path, textOf(content)] as const,
    ),
  });
  return [
    ...ofType(stack, typeToken("VolumeFiles")).map((each) => describe(each, each.props["files"])),
    ...ofType(stack, typeToken("SwarmService")).map((each) =>
      describe(each, each.props["configs"]),
    ),
  ];
}

export function findOwner(stack: StackFacts, resource: ResourceFacts): Owner {
  const parent = findByUrn(stack, resource.parent);
  switch (parent?.type) {
    case componentTypes.app:
      return {
        name: parent.name,
        setting: (key) => `\`${key}\` of the app \`${parent.name}\` (\`glasshouse:apps\`)`,
      };
    default:
      return (
        findServerOwner(parent) ?? {
          name: resource.name,
          setting: (key) => `\`${key}\` of the resource \`${resource.name}\``,
        }
      );
  }
}

function findServerOwner(parent: ResourceFacts | undefined): Owner | undefined {
  const isImage = parent?.type === componentTypes.pulledImage;
  const isOnNodes = parent?.type === componentTypes.nodeServer;
  const owner = parent?.name.replace(isImage ? /-image$/ : isOnNodes ? /-on-nodes$/ : /$^/, "");
  const server = servers.find(
    ({ name, componentType }) =>
      name === owner && (isImage || isOnNodes || componentType === parent?.type),
  );
  if (server === undefined) return undefined;
  const { name } = server;
  const path = renderServerPath(server);
  return { name, setting: (key) => `\`glasshouse:${path}.${key}\`` };
}

function ofType(stack: StackFacts, wanted: string): readonly ResourceFacts[] {
  return stack.filter(({ type }) => currentType(type) === wanted);
}

/** What waits for containers, and keeps their limits. */
function listKeepers(stack: StackFacts): readonly ResourceFacts[] {
  return ofType(stack, typeToken("RunningContainers"));
}

function findPort(stack: StackFacts, container: ResourceFacts): number | undefined {
  const keeper = listKeepers(stack).find(({ parent }) => parent === container.parent);
  const { number } = recordOf(keeper?.props["port"]);
  return typeof number === "number" ? number : undefined;
}

function findByUrn(stack: StackFacts, urn: string | undefined): ResourceFacts | undefined {
  return stack.find((resource) => resource.urn === urn);
}

function splitAssignment(text: string): [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
