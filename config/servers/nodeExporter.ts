import { buildStaticJob } from "../prometheus/scrapeConfig";
import type { Settings } from "../settings/settings";
import { buildHostRules } from "./nodeExporterRules";
import type { HostFacts, Server, ServerJob, Workload } from "./server";
import { askInside } from "./askInside";

const name = "node-exporter";
const port = 9100;

export const nodeJobName = "node";

/**
 * An id that no other container of a stack has: who sees the host's `/proc` may read the environment of every process with
 * the same user id.
 */
const user = "65530:65530";

/** Network interfaces that are the engine's own, one for each container. */
const containerInterfaces = "^(lo|veth.*|br-[0-9a-f]{12}|docker.*|virbr.*|ifb.*|dummy.*)$";

const collectors = [
  "conntrack",
  "cpu",
  "diskstats",
  "filefd",
  "filesystem",
  "hwmon",
  "loadavg",
  "mdadm",
  "meminfo",
  "netclass",
  "netdev",
  "netstat",
  "os",
  "pressure",
  "stat",
  "thermal_zone",
  "time",
  "timex",
  "uname",
  "vmstat",
] as const;

/**
 * `/proc/net` is a link to the network of the process that reads it. Here a folder of links leads to that of the host's first process, so
 * that the counters are those of the host's interfaces, and the exporter stays on the stack's own network.
 */
const linkHostProc =
  "cd /run/proc && rm -f ./* && ln -s /host/proc/[a-z]* . && rm -f mounts net self thread-self" +
  ' && ln -s /host/proc/1 1 && ln -s 1 self && ln -s 1/net net && exec /bin/node_exporter "$@"';

/** Measures the host. */
export const nodeExporter = {
  name,
  title: "node-exporter",
  componentType: "glasshouse:server:Server",
  settingsPath: ["exporters", "node"],
  read: ({ exporters }) => (exporters.node.deploy ? exporters.node : undefined),
  port,
  readyPath: "/",
  volumes: [],
  buildWorkload,
  buildNodeWorkload: buildWorkload,
  isOnNodesAlone: true,
  jobs: (settings) => (settings.exporters.node.deploy ? [buildJob(settings)] : []),
  ruleGroups: (settings) =>
    settings.exporters.node.deploy ? [buildHostRules(nodeJobName, settings)] : [],
} as const satisfies Server;

function buildJob({ swarm }: Settings): ServerJob {
  return swarm.mode === "off"
    ? { job: buildStaticJob(nodeJobName, `${name}:${port}`), targets: 1 }
    : { job: { job_name: nodeJobName }, targets: 1, onEachNode: { port } };
}

function buildWorkload(_settings: Settings, { hostname }: HostFacts): Workload {
  return {
    user,
    // The name that `node_uname_info` tells.
    hostname,
    entrypoint: ["sh", "-c", linkHostProc, "node_exporter"],
    command: [
      "--path.rootfs=/host",
      "--path.procfs=/run/proc",
      "--path.sysfs=/host/sys",
      "--path.udev.data=/host/run",
      "--web.disable-exporter-metrics",
      "--log.level=warn",
      "--collector.disable-defaults",
      ...collectors.map((collector) => `--collector.${collector}`),
      // Netlink would answer for the container's own network.
      "--no-collector.netdev.netlink",
      `--collector.netdev.device-exclude=${containerInterfaces}`,
      `--collector.netclass.ignored-devices=${containerInterfaces}`,
      "--collector.filesystem.mount-points-exclude=" +
        "^/(dev|proc|run|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
    ],
    healthCommand: askInside(port, "/"),
    hostMounts: { "/host": "/" },
    tmpfs: {
      // Hides the sockets of the host's services, the engine's among them.
      "/host/run": "size=64k,mode=0755",
      "/run/proc": "size=64k,mode=0755,uid=65530,gid=65530",
    },
    pids: 50,
  };
}
