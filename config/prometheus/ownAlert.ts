import type { OwnAlert } from "../settings/alertSettings";
import type { Settings } from "../settings/settings";
import { rateWindowSeconds } from "./rateWindow";
import { renderDuration } from "./renderDuration";
import type { AlertRule } from "./ruleFile";

export interface OwnAlertInput {
  readonly alert: OwnAlert;
  readonly expr: string;
  /** `none` for one that is no fault: neither dashboards nor `npm run status` show it. */
  readonly severity: "critical" | "warning" | "info" | "none";
  /** Labels beside `severity` and those that the expression leaves. */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Seconds that the fault must last, unless the settings say otherwise; `event` for what is over as soon as it is seen, which the
   * expression itself remembers for a while.
   *
   * @default four scrapes, at least a minute: longer than it takes to replace a container
   */
  readonly lasts?: number | "event";
  /**
   * Seconds to wait beyond that, whatever the settings say: an alert that another one holds back (`inhibitRules.ts`) must not fire first,
   * or it is told of alone.
   *
   * @default 0
   */
  readonly waitsFor?: number;
  /**
   * Seconds that it goes on firing once the fault is over. Alerts that it holds back (`inhibitRules.ts`) see the end later than it does,
   * and would be told of after the repair.
   *
   * @default 0
   */
  readonly lingers?: number;
  readonly summary: string;
  readonly description: string;
  /** From where on it is a fault, for the message that tells the value. */
  readonly threshold?: string;
}

/** An alert of Glasshouse's own, with the link to its section of docs/alerts.md. */
export function buildOwnAlert(
  { prometheus: { scrapeIntervalSeconds, alerts } }: Pick<Settings, "prometheus">,
  {
    alert,
    expr,
    severity,
    labels,
    summary,
    description,
    threshold,
    lasts = rateWindowSeconds(scrapeIntervalSeconds),
    waitsFor = 0,
    lingers = 0,
  }: OwnAlertInput,
): AlertRule {
  return {
    alert,
    expr,
    for: renderDuration(lasts === "event" ? 0 : (alerts.forSeconds ?? lasts) + waitsFor),
    ...(lingers > 0 && { keep_firing_for: renderDuration(lingers) }),
    labels: { severity, ...labels },
    annotations: {
      summary,
      description,
      ...(threshold !== undefined && { threshold }),
      runbook_url: `docs/alerts.md#${alert.toLowerCase()}`,
    },
  };
}
