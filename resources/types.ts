/** The Pulumi package of the resources of our own: `plugins` in Pulumi.yaml names the process that serves it. */
export const packageName = "glasshouse";

/** Our resources, each with the name that it bore before the package had a name of its own (up to version 0.1); newer ones had none. */
const formerNames = {
  AlertmanagerReload: "AlertmanagerReload",
  BridgeNetwork: "Bridge",
  BuiltImage: "BuiltImage",
  DaemonSettings: "DaemonSettings",
  GrafanaReload: "GrafanaReload",
  OverlayNetwork: "OverlayNetwork",
  PrometheusReload: "PrometheusReload",
  RolloutGate: "Turn",
  RunningContainers: "Readiness",
  SingleNodeSwarm: "SingleNodeSwarm",
  SwarmService: "SwarmService",
  Volume: "Volume",
  VolumeFiles: "VolumeFiles",
} as const;

export type ResourceName = keyof typeof formerNames;

export const resourceNames = Object.keys(formerNames) as readonly ResourceName[];

/** The type token of a resource of our own. */
export function typeToken(name: ResourceName): string {
  return `${packageName}:resources:${name}`;
}

/** The type token that a stack deployed by version 0.1 has in its state. */
export function formerTypeToken(name: ResourceName): string {
  return `pulumi-nodejs:glasshouse:${formerNames[name]}`;
}

const currentTokens: ReadonlyMap<string, string> = new Map(
  resourceNames.map((name) => [formerTypeToken(name), typeToken(name)]),
);

/** A type as this version calls it, for those who read states and plans of stacks that an earlier one deployed. */
export function currentType(type: string): string {
  return currentTokens.get(type) ?? type;
}

/** The types of others that are asked for by name. */
export const foreignTypes = {
  stack: "pulumi:pulumi:Stack",
  dockerProvider: "pulumi:providers:docker",
  container: "docker:index/container:Container",
  remoteImage: "docker:index/remoteImage:RemoteImage",
  password: "random:index/randomPassword:RandomPassword",
} as const;

/** The types of components that are asked for by name. */
export const componentTypes = {
  app: "glasshouse:app:App",
  grafana: "glasshouse:grafana:Grafana",
  nodeServer: "glasshouse:server:NodeServer",
  prometheus: "glasshouse:prometheus:Prometheus",
  pulledImage: "glasshouse:image:PulledImage",
  engineMetrics: "glasshouse:engine:EngineMetrics",
} as const;

export interface ParsedUrn {
  readonly project: string;
  readonly type: string;
  /** Name in the program. */
  readonly name: string;
}

/** @param urn `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>` */
export function parseUrn(urn: string): ParsedUrn {
  const [, project = "", types = "", ...name] = urn.split("::");
  return { project, type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

/** Starts the name of everything that a stack creates on a host. */
export function buildPrefix(project: string, stack: string): string {
  return `${project}-${stack}`;
}

/** Name of the container of an app's replica; the index counts from 0. */
export function buildReplicaName(prefix: string, app: string, index: number): string {
  return `${prefix}-${app}-${index + 1}`;
}
