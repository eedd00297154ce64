import type { AppSettings } from "../appSettings";
import {
  appScrapeIntervalSeconds,
  declaredTargets,
  deployedApps,
  type ObservedSettings,
} from "./observedSettings";
import { rateWindow } from "./rateWindow";
import { renderYaml } from "./renderYaml";
import { dockerJobName, prometheusJobName } from "./scrapeJobs";
import { selectSeries } from "./selectSeries";

/** @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly description: string };
}

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
 * a configuration that was not taken over. Each waits for four scrapes, so that replacing a
 * container raises no alert.
 */
export function buildRules(settings: ObservedSettings): Rules {
  // Sorted, so that reordering apps in the stack file does not reload Prometheus.
  const apps = deployedApps(settings.apps).sort((a, b) => (a.name < b.name ? -1 : 1));
  const patience = rateWindow(settings.prometheus.scrapeIntervalSeconds);
  const groups = [
    { name: "apps", rules: apps.map((app) => targetsMissing(app, settings)) },
    {
      name: "docker",
      rules: settings.engineMetrics.mode === "off" ? [] : [engineMetricsDown(patience)],
    },
    { name: "prometheus", rules: [configReloadFailed(patience)] },
  ];
  return { groups: groups.filter(({ rules }) => rules.length > 0) };
}

/** The text of `rules.yml`. */
export function renderRules(rules: Rules): string {
  return renderYaml(rules);
}

function targetsMissing(app: AppSettings, settings: ObservedSettings): AlertRule {
  const declared = declaredTargets(app);
  return {
    alert: "TargetsMissing",
    expr: `${targetsUp(app.jobName)} < ${declared}`,
    for: rateWindow(appScrapeIntervalSeconds(app, settings)),
    labels: { severity: "critical", app: app.name },
    annotations: {
      summary: `${app.name}: {{ $value }} of ${declared} targets up`,
      description: "Containers are missing, or do not answer Prometheus at their metrics path.",
    },
  };
}

function engineMetricsDown(patience: string): AlertRule {
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

function configReloadFailed(patience: string): AlertRule {
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
