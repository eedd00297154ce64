import { askPrometheus, locatePrometheus, type PrometheusPlace } from "./askPrometheus";
import { explainScrapeError } from "./explainScrapeError";
import { openDeployed } from "./openDeployed";
import { queryPrometheus } from "./queryPrometheus";
import { readTargets, type Target } from "./waitForTargets";

interface Alert {
  readonly name: string;
  readonly state: string;
  readonly summary: string;
}

interface Usage {
  readonly container: string;
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

export interface Status {
  readonly stack: string;
  /** How many targets each job has when all is well. */
  readonly expected: Readonly<Record<string, number>>;
  readonly targets: readonly Target[];
  readonly alerts: readonly Alert[];
  /** The busiest first. */
  readonly containers: readonly Usage[];
}

const busiest = 5;
const mebibyte = 1024 * 1024;

/** Prints targets, alerts and the busiest containers of a stack, in one screen. */
export async function status(stackWanted: string | undefined): Promise<void> {
  const deployed = await openDeployed(stackWanted);
  const { stack, outputs } = deployed;
  const prometheus = locatePrometheus(deployed);
  const [targets, alerts, containers] = await Promise.all([
    readTargets(prometheus),
    readAlerts(prometheus),
    readUsage(prometheus),
  ]);
  console.log(
    renderStatus({ stack, expected: outputs.scrapeTargets, targets, alerts, containers }),
  );
}

export function renderStatus({ stack, expected, targets, alerts, containers }: Status): string {
  const jobs = [...new Set([...Object.keys(expected), ...targets.map(({ job }) => job)])].sort();
  const rows = jobs.map((job) => {
    const own = targets.filter((target) => target.job === job);
    const up = own.filter(({ health }) => health === "up").length;
    // Of a job that has a target on each node of a Swarm, there are more than one is sure of.
    const wanted = Math.max(expected[job] ?? 0, own.length);
    const down = own.find(({ health }) => health === "down");
    const isWell = up === wanted;
    const why = down === undefined ? "" : explainScrapeError(down.lastError);
    return [isWell ? "✓" : "✗", job, `${up} of ${wanted} up`, why];
  });
  return [
    `The stack ${stack}:`,
    "",
    "Targets",
    ...align(rows),
    "",
    "Alerts",
    ...(alerts.length === 0
      ? ["  none"]
      : align(alerts.map(({ name, state, summary }) => ["✗", name, state, summary]))),
    ...(containers.length === 0 ? [] : ["", "Busiest containers", ...containers.map(renderUsage)]),
  ].join("\n");
}

/** A mark and columns, each as wide as its longest cell. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map(([mark = "", ...cells]) => {
    const padded = cells.map((cell, index) => cell.padEnd(widthOf(index + 1)));
    return `  ${mark} ${padded.join("   ")}`.trimEnd();
  });
}

function renderUsage({ container, cpu, memory }: Usage): string {
  return `  ${(cpu * 100).toFixed(1).padStart(6)} % CPU  ${(memory / mebibyte).toFixed(0).padStart(6)} MiB   ${container}`;
}

async function readAlerts(prometheus: PrometheusPlace): Promise<Alert[]> {
  const { data } = JSON.parse(await askPrometheus(prometheus, "/api/v1/alerts")) as {
    data: {
      alerts: {
        labels: Record<string, string>;
        annotations: Record<string, string>;
        state: string;
      }[];
    };
  };
  // What fires as long as all is well is none to tell of.
  const faults = data.alerts.filter(({ labels }) => labels["severity"] !== "none");
  return faults.map(({ labels, annotations, state }) => ({
    name: labels["alertname"] ?? "",
    state,
    summary: annotations["summary"] ?? "",
  }));
}

/** None where nothing measures containers. */
async function readUsage(prometheus: PrometheusPlace): Promise<Usage[]> {
  const [cpu, memory] = await Promise.all([
    query(prometheus, `topk(${busiest}, container:cpu_usage:rate)`),
    query(prometheus, "container:memory_working_set:bytes"),
  ]);
  return [...cpu]
    .map(([container, cores]) => ({ container, cpu: cores, memory: memory.get(container) ?? 0 }))
    .sort((a, b) => b.cpu - a.cpu);
}

/** @returns values by the name of the container */
async function query(prometheus: PrometheusPlace, promql: string): Promise<Map<string, number>> {
  const samples = await queryPrometheus(prometheus, promql);
  return new Map(samples.map(({ metric, value }) => [metric["name"] ?? "", value]));
}
