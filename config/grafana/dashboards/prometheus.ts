import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { rateWindow } from "../../prometheus/rateWindow";
import { selectSeries } from "../../prometheus/selectSeries";
import { prometheus } from "../../servers/prometheus";
import type { Settings } from "../../settings/settings";
import { frameDashboard } from "../frameDashboard";
import { cpuPanel } from "../generic";
import { goMemoryPanel } from "../go";
import { graphPanel } from "../panels/graphPanel";
import { numberPanel } from "../panels/numberPanel";
import { statesPanel } from "../panels/statesPanel";
import { orGap, rateOf, type ScrapedJob } from "../scrapedJob";

const own = (metric: string) => selectSeries(`prometheus_${metric}`, prometheus.name);

/** What Prometheus tells of itself and its targets. */
export function buildPrometheusDashboard(settings: Settings): Dashboard {
  const job: ScrapedJob = {
    jobName: prometheus.name,
    declaredTargets: 1,
    rateWindow: rateWindow(settings.prometheus.scrapeIntervalSeconds),
  };
  return frameDashboard(settings, {
    uid: "glasshouse-prometheus",
    title: "Prometheus",
    description: "Targets, storage and rules.",
    rows: [
      { title: "Now", panels: nowPanels() },
      { title: "Targets", panels: targetPanels() },
      { title: "Storage and rules", panels: storagePanels(job) },
      {
        title: "Prometheus itself",
        panels: [cpuPanel(job), goMemoryPanel(job), queriesPanel(job)],
      },
    ],
  });
}

function nowPanels(): Panel[] {
  return [
    numberPanel({
      title: "Targets down",
      description: "Targets that did not answer the last scrape, discovered ones included.",
      unit: "none",
      query: { query: "count(up == 0) or vector(0)", legend: "down" },
      thresholds: [
        { value: null, color: "green" },
        { value: 1, color: "red" },
      ],
    }),
    numberPanel({
      title: "Series",
      description: "Series that had samples of late.",
      unit: "short",
      query: { query: `sum(${own("tsdb_head_series")})`, legend: "series" },
    }),
    numberPanel({
      title: "Storage",
      description: "What Prometheus keeps on its disk.",
      unit: "bytes",
      query: { query: "sum(prometheus:storage:bytes)", legend: "storage" },
    }),
    numberPanel({
      title: "Configuration",
      description: "Whether Prometheus runs with its last configuration.",
      unit: "none",
      query: { query: `min(${own("config_last_reload_successful")})`, legend: "configuration" },
      texts: {
        "0": { text: "refused", color: "red" },
        "1": { text: "loaded", color: "green" },
      },
    }),
  ];
}

function targetPanels(): Panel[] {
  return [
    statesPanel({
      title: "Targets by job",
      description: "Red while a target of the job is down.",
      query: { query: "min by (job) (up)", legend: "{{job}}" },
      texts: {
        "0": { text: "down", color: "red" },
        "1": { text: "up", color: "green" },
      },
    }),
    graphPanel({
      title: "Scrape duration by job",
      description: "How long the slowest target of each job took to answer.",
      unit: "s",
      queries: [{ query: "max by (job) (scrape_duration_seconds)", legend: "{{job}}" }],
    }),
    graphPanel({
      title: "Samples by job",
      description: "What one scrape of all targets of a job brings, after dropping.",
      unit: "short",
      queries: [
        { query: "sum by (job) (scrape_samples_post_metric_relabeling)", legend: "{{job}}" },
      ],
    }),
  ];
}

function storagePanels(job: ScrapedJob): Panel[] {
  return [
    graphPanel({
      title: "Samples stored",
      description: "Samples that were written in a second.",
      unit: "ops",
      queries: [
        {
          query: `sum(${rateOf(job, "prometheus_tsdb_head_samples_appended_total")})`,
          legend: "samples",
        },
      ],
    }),
    graphPanel({
      title: "Storage by part",
      description:
        "Finished blocks, the log of the last hours, and series in memory that are mapped to files.",
      unit: "bytes",
      queries: [
        { query: `sum(${own("tsdb_storage_blocks_bytes")})`, legend: "blocks" },
        { query: `sum(${own("tsdb_wal_storage_size_bytes")})`, legend: "log" },
        { query: `sum(${own("tsdb_head_chunks_storage_size_bytes")})`, legend: "head" },
      ],
    }),
    graphPanel({
      title: "Duration of rule groups",
      description:
        "How long the last evaluation took; it has to be shorter than the scrape interval.",
      unit: "s",
      queries: [
        {
          query: `sum by (rule_group) (label_replace(${own("rule_group_last_duration_seconds")}, "rule_group", "$1", "rule_group", ".*;(.*)"))`,
          legend: "{{rule_group}}",
        },
      ],
    }),
    graphPanel({
      title: "Rule failures",
      description: "Evaluations of rules that failed.",
      unit: "ops",
      queries: [
        {
          query: `sum(${rateOf(job, "prometheus_rule_evaluation_failures_total")})`,
          legend: "failed",
        },
      ],
      colors: { failed: "red" },
    }),
  ];
}

function queriesPanel(job: ScrapedJob): Panel {
  const seconds = rateOf(
    job,
    "prometheus_http_request_duration_seconds_bucket",
    'handler=~"/api/v1/query(_range)?"',
  );
  return graphPanel({
    title: "Duration of queries",
    description: "95 of 100 queries are answered within this time. Empty while nobody asks.",
    unit: "s",
    queries: [
      { query: orGap(`histogram_quantile(0.95, sum by (le) (${seconds}))`), legend: "95 %" },
    ],
  });
}
