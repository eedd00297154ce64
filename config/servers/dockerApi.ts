import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildStaticJob } from "../prometheus/scrapeConfig";
import type { Settings } from "../settings";
import { buildContainerStateRules } from "./dockerApiRules";
import type { HostFacts, Server, Workload } from "./server";
import { buildSwarmRules } from "./swarmRules";

const name = "docker-api";

/** The proxy's names on its two networks, which haproxy.cfg binds to. */
export const discoveryNetwork = "docker-api-discovery";
export const cadvisorNetwork = "docker-api-cadvisor";
export const discoveryPort = 2375;
export const cadvisorPort = 2376;
const containersPort = 9417;
const swarmPort = 9418;

/** Job of the containers' states. */
export const containersJobName = "containers";

/** Job of what a manager knows of its Swarm. */
export const swarmJobName = "swarm";

const folder = "/usr/local/etc/haproxy";

/**
 * Hands on the engine's API to discovery and cAdvisor, exactly the requests that each needs, and tells the states of containers and of a
 * Swarm.
 * It is the only container with the engine's socket.
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
  jobs: (settings) =>
    isNeeded(settings)
      ? [
          {
            job: buildStaticJob(containersJobName, `${discoveryNetwork}:${containersPort}`),
            targets: 1,
          },
          ...(isSwarmWatched(settings)
            ? [
                {
                  job: buildStaticJob(swarmJobName, `${discoveryNetwork}:${swarmPort}`),
                  targets: 1,
                },
              ]
            : []),
        ]
      : [],
  ruleGroups: (settings) => [
    ...(isNeeded(settings) ? [buildContainerStateRules(containersJobName, settings)] : []),
    ...(isSwarmWatched(settings) ? [buildSwarmRules(swarmJobName, settings)] : []),
  ],
} as const satisfies Server;

/** Whether a manager is asked what it knows of its Swarm. */
export function isSwarmWatched(settings: Settings): boolean {
  return settings.swarm.mode !== "off" && isNeeded(settings);
}

function isNeeded({ discovery, exporters }: Settings): boolean {
  return discovery.enabled || exporters.cadvisor.deploy;
}

function buildWorkload(settings: Settings, host: HostFacts): Workload {
  const group = settings.dockerApi.socketGroup ?? host.socketGroup ?? 0;
  const configs = ["haproxy.cfg", ...(isSwarmWatched(settings) ? ["swarm.cfg"] : [])];
  const scripts = [
    "engine.lua",
    "containers.lua",
    ...(isSwarmWatched(settings) ? ["swarm.lua"] : []),
  ];
  return {
    // The socket's group is all that it takes to ask the engine.
    user: `65532:${group}`,
    command: ["haproxy", "-W", "-db", ...configs.flatMap((file) => ["-f", `${folder}/${file}`])],
    healthCommand: [
      "wget",
      "-q",
      "-O",
      "/dev/null",
      `http://${discoveryNetwork}:${discoveryPort}/_ping`,
    ],
    hostMounts: { "/var/run/docker.sock": host.socketPath },
    configuration: {
      folder,
      files: Object.fromEntries([...configs, ...scripts].map((file) => [file, readOwnFile(file)])),
    },
    privateNetworks: [discoveryNetwork, cadvisorNetwork],
    servesPrivateNetworks: true,
    pids: 50,
  };
}

function readOwnFile(file: string): string {
  return readFileSync(join(__dirname, "..", "dockerApi", file), "utf8");
}
