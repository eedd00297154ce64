import { buildOwnAlert } from "../prometheus/ownAlert";
import type { RuleGroup } from "../prometheus/ruleFile";
import { selectSeries } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";

/** What goes wrong when Prometheus writes what it has read. */
const storageFailures = [
  "compactions_failed",
  "reloads_failures",
  "head_truncations_failed",
  "checkpoint_creations_failed",
  "wal_corruptions",
  "wal_truncations_failed",
  "wal_writes_failed",
] as const;

/** Rules about Prometheus itself. */
export function buildPrometheusRules(jobName: string, settings: Settings): RuleGroup {
  const own = (metric: string) => selectSeries(`prometheus_${metric}`, jobName);
  const failures = storageFailures.map((what) => `increase(${own(`tsdb_${what}_total`)}[1h])`);
  const { storagePercent } = settings.prometheus.alerts.thresholds;
  return {
    name: "prometheus",
    rules: [
      {
        record: "prometheus:storage:bytes",
        expr: `${own("tsdb_storage_blocks_bytes")} + ${own("tsdb_wal_storage_size_bytes")} + ${own("tsdb_head_chunks_storage_size_bytes")}`,
      },
      buildOwnAlert(settings, {
        alert: "PrometheusConfigReloadFailed",
        expr: `${own("config_last_reload_successful")} == 0`,
        severity: "warning",
        summary: "Prometheus still runs with its previous configuration",
        description: "The last configuration was refused; Prometheus' log has the reason.",
      }),
      buildOwnAlert(settings, {
        alert: "PrometheusRuleFailures",
        expr: `sum by (rule_group) (increase(${own("rule_evaluation_failures_total")}[5m])) > 0`,
        severity: "warning",
        lasts: 300,
        summary: "Rules of the group {{ $labels.rule_group }} cannot be evaluated",
        description: "Alerts of this group may be missing; Prometheus' page Rules has the error.",
      }),
      buildOwnAlert(settings, {
        alert: "PrometheusNotIngesting",
        // Where nothing is written, its own series are missing as well.
        expr: `(sum(rate(${own("tsdb_head_samples_appended_total")}[5m])) or vector(0)) == 0`,
        severity: "critical",
        lasts: 300,
        // Targets are up again only when they are scraped again.
        lingers: 300,
        summary: "Prometheus stores no samples",
        description: "All other alerts and dashboards are blind. Look at its log, and at the disk.",
      }),
      buildOwnAlert(settings, {
        alert: "PrometheusStorageFailing",
        expr: `${failures.join(" + ")} > 0`,
        severity: "critical",
        lasts: "event",
        summary: "Prometheus has trouble with its storage",
        description:
          "A full or damaged disk; series of the last hours may be lost. Its log has the reason.",
      }),
      buildOwnAlert(settings, {
        alert: "PrometheusStorageAlmostFull",
        // 0 stands for no limit.
        expr: `prometheus:storage:bytes / (${own("tsdb_retention_limit_bytes")} > 0) > ${storagePercent / 100}`,
        severity: "info",
        lasts: 3600,
        summary: "Prometheus' storage fills {{ $value | humanizePercentage }} of its size limit",
        description: "The oldest series are removed before `retentionDays` have passed.",
        threshold: `more than ${storagePercent} %`,
      }),
    ],
  };
}
