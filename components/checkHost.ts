import * as pulumi from "@pulumi/pulumi";
import { resolveServers } from "../config/servers/resolveServers";
import { listWorkloads } from "../config/servers/servers";
import type { Settings } from "../config/settings";
import type { DockerHost } from "../host/access/dockerHost";
import type { EngineKind } from "../host/docker/detectEngine";
import { listContainers, type ListedContainer } from "../host/docker/listContainers";
import { type HostFacts, readHostFacts } from "../host/docker/readHostFacts";
import { rejectAppDataLoss } from "./preflight/rejectAppDataLoss";
import { rejectMissingFolders } from "./preflight/rejectMissingFolders";
import { rejectMissingNetworks } from "./preflight/rejectMissingNetworks";
import { rejectTakenPorts } from "./preflight/rejectTakenPorts";
import { rejectUnfitSwarm } from "./preflight/rejectUnfitSwarm";
import { rejectUnreachableHost } from "./preflight/rejectUnreachableHost";
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
 * port, a missing network or folder, and data that would be lost.
 *
 * @throws pulumi.RunError with what to do, before anything is touched
 */
export async function checkHost(asked: Settings): Promise<CheckedHost> {
  const dockerHost = asked.host;
  await rejectUnreachableHost(dockerHost);
  const engineKind = await rejectUnsupportedEngine(asked);
  const containers = await listContainers(dockerHost).catch(() => undefined);
  const facts = containers && (await readFactsOf(dockerHost, engineKind, asked));
  const canBeSeenInto = containers === undefined || facts !== undefined;
  const { settings, note } = resolveServers(asked, { canBeSeenInto });
  if (note !== undefined) void pulumi.log.info(note);
  if (containers === undefined) return { settings, engineKind, containers: [], facts: usualFacts };
  await rejectUnfitSwarm(settings, engineKind, containers);
  await rejectTakenPorts(settings, containers);
  await rejectMissingNetworks(settings);
  await rejectMissingFolders(settings);
  await rejectAppDataLoss(settings, containers);
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
  engineKind: EngineKind,
  asked: Settings,
): Promise<HostFacts | undefined> {
  if (engineKind !== "engine" || listWorkloads(asked).length === 0) return undefined;
  const facts = await readHostFacts(dockerHost);
  const socketGroup = asked.dockerApi.socketGroup ?? facts.socketGroup;
  return socketGroup === undefined ? undefined : { ...facts, socketGroup };
}
