import { buildOwnAlert } from "../prometheus/ownAlert";
import type { AlertRule, RuleGroup } from "../prometheus/ruleFile";
import { selectSeries } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";
import { prometheus } from "./prometheus";

/** Rules about Alertmanager: whether those who should be told are. */
export function buildAlertmanagerRules(jobName: string, settings: Settings): RuleGroup {
  const own = (metric: string) => selectSeries(`alertmanager_${metric}`, jobName);
  return {
    name: "alertmanager",
    rules: [
      buildOwnAlert(settings, {
        alert: "AlertmanagerConfigReloadFailed",
        expr: `${own("config_last_reload_successful")} == 0`,
        severity: "warning",
        summary: "Alertmanager still runs with its previous configuration",
        description: "The last configuration was refused; Alertmanager's log has the reason.",
      }),
      ...(settings.alertmanager.heartbeat ? [buildWatchdog(settings)] : []),
      buildOwnAlert(settings, {
        alert: "AlertmanagerMessagesFailing",
        expr: `sum by (receiver_name, integration) (increase(${own("notifications_failed_total")}[15m])) > 0`,
        severity: "warning",
        lasts: "event",
        summary:
          "Messages to {{ $labels.receiver_name }} by {{ $labels.integration }} do not arrive",
        description: "Who is told by them knows of no fault. Alertmanager's log has the reason.",
      }),
    ],
  };
}

/** Fires as long as samples are stored and rules evaluated: nobody but the heartbeat is told. */
function buildWatchdog(settings: Settings): AlertRule {
  const stored = selectSeries("prometheus_tsdb_head_samples_appended_total", prometheus.name);
  return buildOwnAlert(settings, {
    alert: "Watchdog",
    expr: `sum(rate(${stored}[5m])) > 0`,
    severity: "none",
    lasts: "event",
    summary: "Prometheus stores samples and evaluates rules",
    description:
      "All is well: this alert always fires. Whoever misses it knows that nobody is told of others.",
  });
}
