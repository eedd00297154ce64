import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../prometheus/selectSeries";
import { targetsUpPanel } from "./generic";
import { graphPanel } from "./panels/graphPanel";
import type { ScrapedJob } from "./scrapedJob";

/** For any app on the JVM that exports Micrometer's default metrics, as Spring Boot does. */
export function jvmSection(job: ScrapedJob): Panel[] {
  return [targetsUpPanel(job), jvmCpuPanel(job), jvmMemoryPanel(job), jvmThreadsPanel(job)];
}

export function jvmMemoryPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "JVM memory",
    description:
      "Memory in use by area: the heap holds objects, nonheap classes and compiled code.",
    unit: "bytes",
    queries: [
      {
        query: `sum by (area) (${selectSeries("jvm_memory_used_bytes", jobName)})`,
        legend: "{{area}}",
      },
    ],
  });
}

export function jvmThreadsPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Active threads",
    description: "Live threads of the JVM, daemon threads included.",
    unit: "short",
    queries: [
      { query: `sum(${selectSeries("jvm_threads_live_threads", jobName)})`, legend: "live" },
    ],
  });
}

export function jvmCpuPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "CPU in use",
    description: "Mean over all targets; 100 % is every core that the JVM sees.",
    unit: "percentunit",
    queries: [{ query: `avg(${selectSeries("process_cpu_usage", jobName)})`, legend: "process" }],
  });
}
