import type { AlertRuleSettings } from "../alertSettings";
import type { AppSettings } from "../appSettings";
import { servers } from "../servers/servers";
import type { Settings } from "../settings";
import { appScrapeIntervalSeconds, declaredTargets, scrapedApps } from "./scrapedApps";
import { renderDuration } from "./renderDuration";
import { renderYaml } from "./renderYaml";
import { type AlertRule, renderPatience, type RuleGroup, type Rules } from "./ruleFile";
import { dockerJobName } from "./scrapeJobs";
import { selectSeries } from "./selectSeries";

/**
 * What Prometheus alerts on: an app with fewer targets up than declared, an engine without metrics,
 * a configuration that was not taken over. Each waits for four scrapes unless the settings say
 * otherwise, so that replacing a container raises no alert. Rules of the user's own follow, in the
 * order of the stack file.
 */
export function buildRules(settings: Settings): Rules {
  // Sorted, so that reordering apps in the stack file does not reload Prometheus.
  const apps = scrapedApps(settings.apps).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { scrapeIntervalSeconds, alerts } = settings.prometheus;
  const patience = renderPatience(scrapeIntervalSeconds, settings);
  const isDisabled = (name: string) => alerts.disabled.some((disabled) => disabled === name);
  const own: RuleGroup[] = [
    { name: "apps", rules: apps.map((app) => targetsMissing(app, settings)) },
    {
      name: "docker",
      rules: settings.engineMetrics.mode === "off" ? [] : [engineMetricsDown(patience)],
    },
    ...servers.flatMap((server) => server.ruleGroups(settings)),
  ];
  const groups: RuleGroup[] = [
    ...own.map(({ name, rules }) => ({
      name,
      rules: rules.filter((rule) => !("alert" in rule && isDisabled(rule.alert))),
    })),
    { name: "custom", rules: alerts.rules.map(customAlert) },
  ];
  return { groups: groups.filter(({ rules }) => rules.length > 0) };
}

/** The text of `rules.yml`. */
export function renderRules(rules: Rules): string {
  return renderYaml(rules);
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

function targetsMissing(app: AppSettings, settings: Settings): AlertRule {
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

/**
 * A job without any target has no `up` series at all; it counts as 0, where a plain sum would never
 * alert.
 */
function targetsUp(jobName: string): string {
  return `(sum(${selectSeries("up", jobName)}) or vector(0))`;
}
