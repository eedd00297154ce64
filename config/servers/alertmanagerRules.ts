import { buildOwnAlert } from "../prometheus/ownAlert";
import type { RuleGroup } from "../prometheus/ruleFile";
import { selectSeries } from "../prometheus/selectSeries";
import type { Settings } from "../settings";

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
