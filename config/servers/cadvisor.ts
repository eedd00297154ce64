import { buildStaticJob } from "../prometheus/scrapeConfig";
import type { Settings } from "../settings/settings";
import { buildContainerUsageRules } from "./cadvisorRules";
import { cadvisorNetwork, cadvisorPort, cadvisorSocket, nodeFolder } from "./dockerApi";
import type { HostFacts, Server, ServerJob, Workload } from "./server";
import { askInside } from "./askInside";

const name = "cadvisor";
const port = 8080;

/** An id that no other container of a stack has; see `nodeExporter.ts`. */
const user = "65531:65531";

/** cAdvisor registers with the engine once, when it starts: without an answer it would never see a container. */
const startAfter = (isThere: string) =>
  `until ${isThere}; do sleep 1; done; exec /usr/bin/cadvisor -logtostderr "$@"`;
const waitForProxy = startAfter(
  `wget -q -T 2 -O /dev/null http://${cadvisorNetwork}:${cadvisorPort}/_ping`,
);
/** Nothing in the image asks a socket; the health check finds out where nobody answered at it. */
const waitForSocket = startAfter(`[ -S ${cadvisorSocket} ]`);

/** Series that no rule and no dashboard of ours asks for, more than half of them all. */
const unused =
  "container_memory_(cache|events_.*|failures_total|file_.*|kernel_usage|mapped_file|max_usage_bytes|pg.*|swap|total_.*)" +
  "|container_blkio_device_usage_total|container_cpu_cfs_burst_.*|container_spec_memory_(reservation|swap)_.*" +
  "|container_last_seen|container_tasks_state";

/** Measures all containers of the host, by name. */
export const cadvisor = {
  name,
  title: "cAdvisor",
  componentType: "glasshouse:server:Server",
  settingsPath: ["exporters", name],
  read: ({ exporters }) => (exporters.cadvisor.deploy ? exporters.cadvisor : undefined),
  port,
  readyPath: "/healthz",
  volumes: [],
  buildWorkload,
  buildNodeWorkload,
  isOnNodesAlone: true,
  jobs: (settings) => (settings.exporters.cadvisor.deploy ? [buildJob(settings)] : []),
  ruleGroups: (settings, prefix) =>
    settings.exporters.cadvisor.deploy ? [buildContainerUsageRules(name, settings, prefix)] : [],
} as const satisfies Server;

function buildJob({ swarm }: Settings): ServerJob {
  const rest = {
    // Its samples carry times of their own; without this a removed container's series would go on for five minutes.
    track_timestamps_staleness: true,
    metric_relabel_configs: [
      { source_labels: ["__name__"], regex: unused, action: "drop" },
      // Paths of cgroups: a container is known by its name.
      { regex: "id", action: "labeldrop" },
    ],
  } as const;
  return swarm.mode === "off"
    ? { job: { ...buildStaticJob(name, `${name}:${port}`), ...rest }, targets: 1 }
    : { job: { job_name: name, ...rest }, targets: 1, onEachNode: { port } };
}

function buildWorkload(_settings: Settings, host: HostFacts): Workload {
  return {
    ...buildCommon(`tcp://${cadvisorNetwork}:${cadvisorPort}`, host),
    entrypoint: ["sh", "-c", waitForProxy, name],
    healthCommand: askInside(port, "/healthz"),
    privateNetworks: [cadvisorNetwork],
  };
}

function buildNodeWorkload(_settings: Settings, host: HostFacts): Workload {
  return {
    ...buildCommon(`unix://${cadvisorSocket}`, host),
    entrypoint: ["sh", "-c", waitForSocket, name],
    healthCommand: [
      "sh",
      "-c",
      `wget -q -O - http://127.0.0.1:${port}/metrics | grep -q '^container_.*name="'`,
    ],
    sharedFolder: nodeFolder,
  };
}

function buildCommon(engine: string, { dataRoot, storageDriver }: HostFacts) {
  const mountIds = `${dataRoot}/image/${storageDriver}/layerdb/mounts`;
  return {
    user,
    command: [
      `-docker=${engine}`,
      "-docker_only=true",
      "-housekeeping_interval=15s",
      "-allow_dynamic_housekeeping=false",
      "-global_housekeeping_interval=1m",
      "-store_container_labels=false",
      "-disable_root_cgroup_stats=true",
      "-enable_metrics=cpu,memory,network,diskIO",
    ],
    hostMounts: {
      "/sys/fs/cgroup": "/sys/fs/cgroup",
      "/rootfs/proc": "/proc",
      // Ids only; the rest of the engine's data stays out of sight.
      [`/rootfs${mountIds}`]: mountIds,
    },
    pids: 100,
  };
}
