import type { Settings } from "../settings/settings";
import { alertmanager } from "./alertmanager";
import { blackboxExporter } from "./blackboxExporter";
import { board } from "./board";
import { cadvisor } from "./cadvisor";
import { dockerApi } from "./dockerApi";
import { engineRelay } from "./engineRelay";
import { grafana } from "./grafana";
import { nodeExporter } from "./nodeExporter";
import { prometheus } from "./prometheus";
import type { HostFacts, PrivateNetwork, Server, ServerSettings } from "./server";

/** The servers that a stack can deploy beside the apps, in the order in which they are told of. */
export const servers: readonly Server[] = [
  prometheus,
  alertmanager,
  grafana,
  board,
  nodeExporter,
  cadvisor,
  dockerApi,
  engineRelay,
  blackboxExporter,
];

/** A server that the settings ask for, and what they say of it. */
export interface WantedServer {
  readonly server: Server;
  readonly settings: ServerSettings;
  /** Its settings' place in a stack file: `prometheus`. */
  readonly path: string;
}

/** The servers that the settings do not leave out. */
export function listWantedServers(all: Settings): WantedServer[] {
  return servers.flatMap((server) => {
    const settings = server.read(all);
    return settings === undefined ? [] : [{ server, settings, path: renderServerPath(server) }];
  });
}

export function renderServerPath({ settingsPath }: Pick<Server, "settingsPath">): string {
  return settingsPath.join(".");
}

/** The wanted servers that the component `Server` runs. */
export function listWorkloads(all: Settings): WantedServer[] {
  const inSwarm = all.swarm.mode !== "off";
  return listWantedServers(all).filter(
    ({ server }) => server.buildWorkload !== undefined && !(inSwarm && server.isOnNodesAlone),
  );
}

/** The wanted servers that run on every node of a Swarm. */
export function listNodeWorkloads(all: Settings): WantedServer[] {
  if (all.swarm.mode === "off") return [];
  return listWantedServers(all).filter(({ server }) => server.buildNodeWorkload !== undefined);
}

/** The private networks that the wanted servers are on. */
export function listPrivateNetworks(all: Settings, host: HostFacts): PrivateNetwork[] {
  const workloads = [
    ...listWorkloads(all).map(({ server }) => server.buildWorkload?.(all, host)),
    ...listNodeWorkloads(all).map(({ server }) => server.buildNodeWorkload?.(all, host)),
  ];
  return [...new Set(workloads.flatMap((workload) => workload?.privateNetworks ?? []))].sort();
}
