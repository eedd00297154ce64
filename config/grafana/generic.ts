import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../prometheus/selectSeries";
import { graphPanel } from "./panels/graphPanel";
import { shareGauge } from "./panels/shareGauge";
import { orGap, orZero, rateOf, type ScrapedJob } from "./scrapedJob";

/**
 * For an app of which nothing is known: what Prometheus measures of every target, and of the
 * process if exported.
 */
export function genericSection(job: ScrapedJob): Panel[] {
  return [
    targetsUpPanel(job),
    scrapeDurationPanel(job),
    samplesPanel(job),
    memoryPanel(job),
    cpuPanel(job),
  ];
}

export function targetsUpPanel({ jobName, declaredTargets }: ScrapedJob): Panel {
  return shareGauge({
    title: "Targets up",
    description: `Targets that answered the last scrape, of ${declaredTargets} declared.`,
    // A job whose DNS name has no address has no series at all.
    query: { query: orZero(`sum(${selectSeries("up", jobName)})`), legend: "up" },
    declared: declaredTargets,
  });
}

export function cpuPanel(job: ScrapedJob): Panel {
  return graphPanel({
    title: "CPU in use",
    description: "All targets together; 100 % is one core. Empty if the app does not export it.",
    unit: "percentunit",
    queries: [
      { query: orGap(`sum(${rateOf(job, "process_cpu_seconds_total")})`), legend: "process" },
    ],
  });
}

export function scrapeDurationPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Scrape duration",
    description: "How long the slowest target took to answer Prometheus.",
    unit: "s",
    queries: [
      { query: `max(${selectSeries("scrape_duration_seconds", jobName)})`, legend: "slowest" },
    ],
  });
}

export function samplesPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Samples scraped",
    description:
      "Samples that one scrape of all targets brings. Growth without end is a label with too many values.",
    unit: "short",
    queries: [
      { query: `sum(${selectSeries("scrape_samples_scraped", jobName)})`, legend: "samples" },
    ],
  });
}

export function memoryPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Memory in use",
    description: "Resident memory of all targets together. Empty if the app does not export it.",
    unit: "bytes",
    queries: [
      {
        query: orGap(`sum(${selectSeries("process_resident_memory_bytes", jobName)})`),
        legend: "resident",
      },
    ],
  });
}
