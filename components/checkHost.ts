import * as pulumi from "@pulumi/pulumi";
import { resolveServers } from "../config/servers/resolveServers";
import type { HostFacts } from "../config/servers/server";
import { listWorkloads } from "../config/servers/servers";
import type { Settings } from "../config/settings/settings";
import type { DockerHost } from "../host/access/dockerHost";
import type { EngineFacts, EngineKind } from "../host/docker/detectEngine";
import { listContainers, type ListedContainer } from "../host/docker/listContainers";
import { readSocket } from "../host/docker/readSocket";
import { rejectAll } from "./preflight/rejectAll";
import { rejectAlertmanagerConfig } from "./preflight/rejectAlertmanagerConfig";
import { rejectAppDataLoss } from "./preflight/rejectAppDataLoss";
import { rejectMissingFolders } from "./preflight/rejectMissingFolders";
import { rejectMissingNetworks } from "./preflight/rejectMissingNetworks";
import { rejectTakenPorts } from "./preflight/rejectTakenPorts";
import { rejectUnfitSwarm } from "./preflight/rejectUnfitSwarm";
import { rejectUnreachableHost } from "./preflight/rejectUnreachableHost";
import { rejectUnreachedNodes } from "./preflight/rejectUnreachedNodes";
import { rejectUnsupportedEngine } from "./preflight/rejectUnsupportedEngine";
import { tellNewSocket } from "./preflight/tellNewSocket";
import { tellKeptVolumes } from "./preflight/tellKeptVolumes";

/** What is on the host before anything is touched. */
export interface CheckedHost {
  /** The settings as this host can have them. */
  readonly settings: Settings;
  readonly engineKind: EngineKind;
  /** What servers that look at the host need to know about it. */
  readonly facts: HostFacts;
  /** All containers, running or not; none of an engine that does not answer, which is the Docker provider's to report. */
  readonly containers: readonly ListedContainer[];
}

/**
 * Refuses what would fail half-way: a host that cannot be reached, an engine that cannot do what the settings ask for, a taken
 * port, a node of a Swarm that cannot be handed images, a missing network or folder, a configuration of Alertmanager that it would refuse, and data that would be lost.
 *
 * @throws pulumi.RunError with what to do, before anything is touched; ports, networks, folders and data are told together
 */
export async function checkHost(asked: Settings): Promise<CheckedHost> {
  const dockerHost = asked.host;
  await rejectUnreachableHost(dockerHost);
  const engine = await rejectUnsupportedEngine(asked);
  const engineKind = engine.kind;
  const containers = await listContainers(dockerHost).catch(() => undefined);
  const facts = containers && (await readFactsOf(dockerHost, engine, asked));
  const canBeSeenInto = containers === undefined || facts !== undefined;
  const { settings, note } = resolveServers(asked, { canBeSeenInto });
  if (note !== undefined) void pulumi.log.info(note);
  if (containers === undefined) return { settings, engineKind, containers: [], facts: usualFacts };
  await rejectUnfitSwarm(settings, engineKind, containers);
  await rejectUnreachedNodes(settings);
  await rejectAll(
    rejectTakenPorts(settings, containers),
    rejectMissingNetworks(settings),
    rejectMissingFolders(settings),
    rejectAlertmanagerConfig(settings),
    rejectAppDataLoss(settings, containers),
  );
  await tellKeptVolumes(settings);
  tellNewSocket(settings, containers);
  return { settings, engineKind, containers, facts: facts ?? usualFacts };
}

/** Stands in where the engine does not answer: a preview then shows what it can. */
const usualFacts: HostFacts = {
  hostname: "localhost",
  socketPath: "/var/run/docker.sock",
  socketGroup: undefined,
  dataRoot: "/var/lib/docker",
  storageDriver: "overlay2",
};

/** @returns undefined for a host that does not let containers look into it, and where none is to */
async function readFactsOf(
  dockerHost: DockerHost,
  { kind, storage }: EngineFacts,
  asked: Settings,
): Promise<HostFacts | undefined> {
  if (kind !== "engine" || listWorkloads(asked).length === 0) return undefined;
  if (storage === undefined) throw new Error("The Docker Engine does not answer /info.");
  const socket = await readSocket(dockerHost);
  const socketGroup = asked.dockerApi.socketGroup ?? socket.socketGroup;
  return socketGroup === undefined ? undefined : { ...storage, ...socket, socketGroup };
}
