import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildStaticJob } from "../prometheus/scrapeConfig";
import type { Settings } from "../settings/settings";
import { buildContainerStateRules } from "./dockerApiRules";
import type { HostFacts, Server, ServerJob, Workload } from "./server";
import { buildSwarmRules } from "./swarmRules";

const name = "docker-api";

/** The proxy's names on its networks; it binds to those of the first two. */
export const discoveryNetwork = "docker-api-discovery";
export const cadvisorNetwork = "docker-api-cadvisor";
export const nodesNetwork = "docker-api-nodes";
export const discoveryPort = 2375;
export const cadvisorPort = 2376;
const containersPort = 9417;
const swarmPort = 9418;

const user = "65532";
/** On each node of a Swarm, where cAdvisor finds the proxy of its own node. */
export const nodeFolder = { name: "docker-api", path: "/run/docker-api", owner: user } as const;
export const cadvisorSocket = `${nodeFolder.path}/cadvisor.sock`;

/** Where Prometheus asks for the replicas that run in a Swarm. */
export const swarmTargetsUrl = `http://${discoveryNetwork}:${swarmPort}/targets`;

/** Job of the containers' states. */
export const containersJobName = "containers";

/** Job of what a manager knows of its Swarm. */
export const swarmJobName = "swarm";

const folder = "/usr/local/etc/haproxy";

/**
 * Hands on the engine's API to discovery and cAdvisor, exactly the requests that each needs, and tells the states of containers. In a
 * Swarm, one container on the manager serves discovery and tells what it knows of the Swarm; a global service does the rest on every
 * node. No other container has the engine's socket.
 */
export const dockerApi = {
  name,
  title: "the proxy of the Docker API",
  componentType: "glasshouse:server:Server",
  settingsPath: ["dockerApi"],
  read: (settings) => (isNeeded(settings) ? settings.dockerApi : undefined),
  port: discoveryPort,
  readyPath: "/_ping",
  volumes: [{ role: "config", holdsData: false }],
  buildWorkload,
  buildNodeWorkload,
  jobs: (settings) => (isNeeded(settings) ? buildJobs(settings) : []),
  ruleGroups: (settings, prefix) => [
    ...(isNeeded(settings) ? [buildContainerStateRules(containersJobName, settings, prefix)] : []),
    ...(isSwarmWatched(settings) ? [buildSwarmRules(swarmJobName, settings)] : []),
  ],
} as const satisfies Server;

/** Whether a manager is asked what it knows of its Swarm. */
export function isSwarmWatched(settings: Settings): boolean {
  return settings.swarm.mode !== "off" && isNeeded(settings);
}

/** In a Swarm, Prometheus finds node-exporter by it as well. */
function isNeeded({ discovery, exporters, swarm }: Settings): boolean {
  return (
    discovery.enabled ||
    exporters.cadvisor.deploy ||
    (swarm.mode !== "off" && exporters.node.deploy)
  );
}

function buildJobs({ swarm }: Settings): ServerJob[] {
  const onManager = (jobName: string, port: number) => ({
    job: buildStaticJob(jobName, `${discoveryNetwork}:${port}`),
    targets: 1,
  });
  return swarm.mode === "off"
    ? [onManager(containersJobName, containersPort)]
    : [
        {
          job: { job_name: containersJobName },
          targets: 1,
          onEachNode: { port: containersPort, network: nodesNetwork },
        },
        onManager(swarmJobName, swarmPort),
      ];
}

function buildWorkload(settings: Settings, host: HostFacts): Workload {
  const inSwarm = settings.swarm.mode !== "off";
  const files = inSwarm
    ? ["haproxy.cfg", "discovery.cfg", "swarm.cfg", "engine.lua", "discovery.lua", "swarm.lua"]
    : [
        ...["host.cfg", "haproxy.cfg", "discovery.cfg", "containers.cfg"],
        ...["engine.lua", "discovery.lua", "containers.lua"],
      ];
  return {
    ...buildProxy(files, settings, host),
    healthCommand: ask(`http://${discoveryNetwork}:${discoveryPort}/_ping`),
    privateNetworks: inSwarm ? [discoveryNetwork] : [discoveryNetwork, cadvisorNetwork],
  };
}

function buildNodeWorkload(settings: Settings, host: HostFacts): Workload {
  const files = ["node.cfg", "haproxy.cfg", "containers.cfg", "engine.lua", "containers.lua"];
  return {
    ...buildProxy(files, settings, host),
    healthCommand: ask(`http://127.0.0.1:${containersPort}/_ping`),
    privateNetworks: [nodesNetwork],
    sharedFolder: nodeFolder,
  };
}

/** @param files of its configuration, in the order in which it reads them */
function buildProxy(
  files: readonly string[],
  { dockerApi: { socketGroup } }: Settings,
  host: HostFacts,
) {
  const configs = files.filter((file) => file.endsWith(".cfg"));
  return {
    // The socket's group is all that it takes to ask the engine.
    user: `${user}:${socketGroup ?? host.socketGroup ?? 0}`,
    command: ["haproxy", "-W", "-db", ...configs.flatMap((file) => ["-f", `${folder}/${file}`])],
    hostMounts: { "/var/run/docker.sock": host.socketPath },
    configuration: {
      folder,
      files: Object.fromEntries(files.map((file) => [file, readOwnFile(file)])),
    },
    servesPrivateNetworks: true,
    pids: 50,
  };
}

function ask(url: string): string[] {
  return ["wget", "-q", "-O", "/dev/null", url];
}

function readOwnFile(file: string): string {
  return readFileSync(join(__dirname, "..", "dockerApi", file), "utf8");
}
