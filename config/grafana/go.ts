import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../prometheus/selectSeries";
import { cpuPanel, targetsUpPanel } from "./generic";
import { graphPanel } from "./panels/graphPanel";
import type { ScrapedJob } from "./scrapedJob";

/** For any app in Go that exports the default metrics of Prometheus' Go client. */
export function goSection(job: ScrapedJob): Panel[] {
  return [targetsUpPanel(job), cpuPanel(job), goMemoryPanel(job), goroutinesPanel(job)];
}

export function goMemoryPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Memory in use",
    description:
      "Resident: what the process takes from the host. Heap: the part of it that holds Go objects.",
    unit: "bytes",
    queries: [
      {
        query: `sum(${selectSeries("process_resident_memory_bytes", jobName)})`,
        legend: "resident",
      },
      { query: `sum(${selectSeries("go_memstats_heap_inuse_bytes", jobName)})`, legend: "heap" },
    ],
  });
}

export function goroutinesPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Active goroutines",
    description: "Goroutines that exist. A number that only grows is a leak.",
    unit: "short",
    queries: [{ query: `sum(${selectSeries("go_goroutines", jobName)})`, legend: "goroutines" }],
  });
}
