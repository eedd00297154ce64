import type { AlertRuleSettings, OwnAlert } from "../alertSettings";
import type { AppSettings } from "../appSettings";
import {
  appScrapeIntervalSeconds,
  declaredTargets,
  deployedApps,
  type ObservedSettings,
} from "./observedSettings";
import { rateWindow } from "./rateWindow";
import { renderDuration } from "./renderDuration";
import { renderYaml } from "./renderYaml";
import { dockerJobName, prometheusJobName } from "./scrapeJobs";
import { selectSeries } from "./selectSeries";

/** @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly description?: string };
}

/** One of those that `prometheus.alerts.disabled` can name. */
type OwnAlertRule = AlertRule & { readonly alert: OwnAlert };

/** Rules that Prometheus evaluates together. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly AlertRule[];
}

/** The parts of Prometheus' rule files that Glasshouse uses. */
export interface Rules {
  readonly groups: readonly RuleGroup[];
}

/**
 * What Prometheus alerts on: an app with fewer targets up than declared, an engine without metrics,
 * a configuration that was not taken over. Each waits for four scrapes unless the settings say
 * otherwise, so that replacing a container raises no alert. Rules of the user's own follow, in the
 * order of the stack file.
 */
export function buildRules(settings: ObservedSettings): Rules {
  // Sorted, so that reordering apps in the stack file does not reload Prometheus.
  const apps = deployedApps(settings.apps).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { scrapeIntervalSeconds, alerts } = settings.prometheus;
  const patience = renderPatience(scrapeIntervalSeconds, settings);
  const enabled = (rules: readonly OwnAlertRule[]) =>
    rules.filter(({ alert }) => !alerts.disabled.includes(alert));
  const groups: RuleGroup[] = [
    { name: "apps", rules: enabled(apps.map((app) => targetsMissing(app, settings))) },
    {
      name: "docker",
      rules: enabled(settings.engineMetrics.mode === "off" ? [] : [engineMetricsDown(patience)]),
    },
    { name: "prometheus", rules: enabled([configReloadFailed(patience)]) },
    { name: "custom", rules: alerts.rules.map(customAlert) },
  ];
  return { groups: groups.filter(({ rules }) => rules.length > 0) };
}

/** The text of `rules.yml`. */
export function renderRules(rules: Rules): string {
  return renderYaml(rules);
}

function renderPatience(
  scrapeIntervalSeconds: number,
  { prometheus: { alerts } }: ObservedSettings,
): string {
  return alerts.forSeconds === undefined
    ? rateWindow(scrapeIntervalSeconds)
    : renderDuration(alerts.forSeconds);
}

function customAlert(rule: AlertRuleSettings): AlertRule {
  const { alert, query, forSeconds, severity, summary, description } = rule;
  return {
    alert,
    expr: query,
    for: renderDuration(forSeconds),
    labels: { severity },
    annotations: { summary, ...(description !== "" && { description }) },
  };
}

function targetsMissing(app: AppSettings, settings: ObservedSettings): OwnAlertRule {
  const declared = declaredTargets(app);
  return {
    alert: "TargetsMissing",
    expr: `${targetsUp(app.jobName)} < ${declared}`,
    for: renderPatience(appScrapeIntervalSeconds(app, settings), settings),
    labels: { severity: "critical", app: app.name },
    annotations: {
      summary: `${app.name}: {{ $value }} of ${declared} targets up`,
      description: "Containers are missing, or do not answer Prometheus at their metrics path.",
    },
  };
}

function engineMetricsDown(patience: string): OwnAlertRule {
  return {
    alert: "EngineMetricsDown",
    expr: `${targetsUp(dockerJobName)} < 1`,
    for: patience,
    labels: { severity: "warning" },
    annotations: {
      summary: "The Docker Engine's metrics are not to be had",
      description:
        "Look at metrics-addr in the engine's settings file, and at a host firewall between containers and that port.",
    },
  };
}

function configReloadFailed(patience: string): OwnAlertRule {
  return {
    alert: "PrometheusConfigReloadFailed",
    expr: `${selectSeries("prometheus_config_last_reload_successful", prometheusJobName)} == 0`,
    for: patience,
    labels: { severity: "warning" },
    annotations: {
      summary: "Prometheus still runs with its previous configuration",
      description: "The last configuration was refused; Prometheus' log has the reason.",
    },
  };
}

/**
 * A job without any target has no `up` series at all; it counts as 0, where a plain sum would never
 * alert.
 */
function targetsUp(jobName: string): string {
  return `(sum(${selectSeries("up", jobName)}) or vector(0))`;
}
