import { readFileSync } from "node:fs";
import { join } from "node:path";
import { selectSeries } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";
import { askInside } from "./askInside";
import { isSwarmWatched } from "./dockerApi";
import type { Server, ServerJob, Workload } from "./server";

const name = "engine-metrics";
const port = 9419;
const folder = "/usr/local/etc/haproxy";

/** Job of the Docker Engine's metrics; no app may take the name. */
export const dockerJobName = "docker";

/** 1 for a node whose engine does not publish its metrics; no series for others. */
const missingMetric = "glasshouse_engine_metrics_missing";
export const missingSeries = selectSeries(missingMetric, dockerJobName);

/** Hands on the metrics of each node's engine, which Prometheus could not reach: it is on the Swarm's network only. */
export const engineRelay = {
  name,
  title: "the relay of engine metrics",
  componentType: "glasshouse:server:Server",
  settingsPath: ["dockerApi"],
  read: (settings) => (isRelayed(settings) ? settings.dockerApi : undefined),
  port,
  readyPath: "/ping",
  volumes: [],
  buildNodeWorkload,
  isOnNodesAlone: true,
  jobs: (settings) => (isRelayed(settings) ? [buildJob()] : []),
  ruleGroups: () => [],
} as const satisfies Server;

/** Whether every engine of a Swarm is scraped, and not that of the host alone. */
export function isRelayed(settings: Settings): boolean {
  return settings.engineMetrics.mode !== "off" && isSwarmWatched(settings);
}

/** The other nodes of a Swarm whose metrics setting can be managed: daemon.json is reached by ssh alone. */
export function listManagedNodes(settings: Settings): Settings["swarm"]["nodes"] {
  return isRelayed(settings)
    ? settings.swarm.nodes.filter(({ uri }) => uri.startsWith("ssh:"))
    : [];
}

/** Port at which an engine publishes its metrics. */
export function enginePortOf({ address }: Settings["engineMetrics"]): string {
  return address.slice(address.lastIndexOf(":") + 1);
}

function buildJob(): ServerJob {
  return { job: { job_name: dockerJobName }, targets: 1, onEachNode: { port } };
}

function buildNodeWorkload({ engineMetrics }: Settings): Workload {
  return {
    user: "65534:65534",
    command: ["haproxy", "-W", "-db", "-f", `${folder}/engine.cfg`, "-f", `${folder}/relay.cfg`],
    healthCommand: askInside(port, "/ping"),
    hosts: { "host.docker.internal": "host-gateway" },
    configuration: {
      folder,
      files: {
        "engine.cfg": `global\n    setenv ENGINE_METRICS host.docker.internal:${enginePortOf(engineMetrics)}\n`,
        "relay.cfg": readFileSync(join(__dirname, "..", "dockerApi", "relay.cfg"), "utf8"),
        "missing.http": renderMissing(),
      },
    },
    pids: 20,
  };
}

/** The whole answer, as HAProxy wants it in a file. */
function renderMissing(): string {
  return [
    "HTTP/1.1 200 OK",
    "Content-Type: text/plain; version=0.0.4",
    "Connection: close",
    "",
    `# HELP ${missingMetric} 1 while the engine of a node does not publish its metrics.\n` +
      `# TYPE ${missingMetric} gauge\n${missingMetric} 1\n`,
  ].join("\r\n");
}
