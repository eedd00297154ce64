import type { AlertRuleSettings } from "../settings/alertSettings";
import type { AppSettings } from "../settings/appSettings";
import { dockerApi } from "../servers/dockerApi";
import type { ScrapeJobSettings } from "../settings/scrapeJobSettings";
import type { ServerJob } from "../servers/server";
import { listWantedServers, servers } from "../servers/servers";
import type { Settings } from "../settings/settings";
import { appScrapeIntervalSeconds, declaredTargets, scrapedApps } from "./scrapedApps";
import { renderDuration } from "./renderDuration";
import { renderYaml } from "./renderYaml";
import { activeNodes } from "./nodeJobs";
import { buildOwnAlert } from "./ownAlert";
import { rateWindowSeconds } from "./rateWindow";
import type { AlertRule, RuleGroup, Rules } from "./ruleFile";
import { dockerJobName, isRelayed, missingSeries } from "../servers/engineRelay";
import { selectSeries } from "./selectSeries";

/**
 * What Prometheus records and alerts on: fewer targets than declared, what the servers' rules say of the host, its containers and
 * Prometheus itself, the engine. Nothing is said of what is not measured. Rules of the user's own follow, in the order of the
 * stack file.
 *
 * @param prefix starts the names of the stack's containers
 */
export function buildRules(settings: Settings, prefix: string): Rules {
  const { alerts } = settings.prometheus;
  const isDisabled = (name: string) => alerts.disabled.some((disabled) => disabled === name);
  const own: RuleGroup[] = [
    { name: "targets", rules: buildTargetRules(settings) },
    { name: "engine", rules: buildEngineRules(settings) },
    ...servers.flatMap((server) => server.ruleGroups(settings, prefix)),
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

function buildTargetRules(settings: Settings): AlertRule[] {
  // Sorted, so that reordering apps in the stack file does not reload Prometheus.
  const apps = scrapedApps(settings.apps).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...apps.map((app) => targetsMissing(app, settings)),
    ...listWantedServers(settings)
      .filter(({ server }) => server.name !== "prometheus")
      .flatMap(({ server }) =>
        server.jobs(settings).map((job) => exporterDown(server.title, job, settings)),
      ),
    ...(settings.discovery.enabled ? [discoveredTargetDown(settings)] : []),
    ...settings.scrapeJobs.map((job) => externalTargetDown(job, settings)),
  ];
}

function targetsMissing(app: AppSettings, settings: Settings): AlertRule {
  const declared = declaredTargets(app);
  return buildOwnAlert(settings, {
    alert: "TargetsMissing",
    expr: `${targetsUp(app.jobName)} < ${declared}`,
    severity: "critical",
    labels: { app: app.name },
    lasts: rateWindowSeconds(appScrapeIntervalSeconds(app, settings)),
    waitsFor: waitForStates(settings),
    summary: `${app.name}: {{ $value }} of ${declared} targets up`,
    description: "Containers are missing, or do not answer Prometheus at their metrics path.",
    threshold: `fewer than ${declared}`,
  });
}

function exporterDown(
  title: string,
  { job, targets, onEachNode }: ServerJob,
  settings: Settings,
): AlertRule {
  return buildOwnAlert(settings, {
    alert: "ExporterDown",
    expr:
      onEachNode === undefined
        ? `${targetsUp(job.job_name)} < ${targets}`
        : `${activeNodes} unless on (node) ${selectSeries("up", job.job_name)} == 1`,
    severity: "warning",
    // `job` would say that the alert is about that job's targets alone.
    labels: { exporter: job.job_name },
    waitsFor: waitForStates(settings),
    summary: `Prometheus gets nothing from ${title}${onEachNode === undefined ? "" : " on {{ $labels.node }}"}`,
    description: "What it measures is missing in dashboards, and alerts about it are silent.",
  });
}

/** Seconds until it is known of a container as well: it is asked, and the rules about it are evaluated. */
function waitForStates(settings: Settings): number {
  return dockerApi.read(settings) === undefined ? 0 : 2 * settings.prometheus.scrapeIntervalSeconds;
}

function discoveredTargetDown(settings: Settings): AlertRule {
  const { scrapeIntervalSeconds } = settings.prometheus;
  return buildOwnAlert(settings, {
    alert: "DiscoveredTargetDown",
    // No other job has this label. A container that was removed stays a target until the next refresh.
    expr: 'up{container!=""} == 0',
    severity: "warning",
    lasts: Math.max(
      rateWindowSeconds(scrapeIntervalSeconds),
      4 * settings.discovery.refreshSeconds,
    ),
    summary: "{{ $labels.container }} does not answer Prometheus",
    description:
      "Its labels ask for it to be scraped; Prometheus' page Targets has the error, `npm run doctor` the reason.",
  });
}

function externalTargetDown(
  { name, scrapeIntervalSeconds }: ScrapeJobSettings,
  settings: Settings,
): AlertRule {
  const isUp = selectSeries("up", name);
  return buildOwnAlert(settings, {
    alert: "ExternalTargetDown",
    expr: `${isUp} == 0 or absent(${isUp})`,
    severity: "warning",
    labels: { exporter: name },
    lasts: rateWindowSeconds(scrapeIntervalSeconds ?? settings.prometheus.scrapeIntervalSeconds),
    summary: `${name}: {{ with $labels.instance }}{{ . }} does not answer Prometheus{{ else }}no targets found{{ end }}`,
    description:
      "`scrapeJobs` in the stack file says where it is. Prometheus' page Targets has the error, `npm run doctor` the reason.",
  });
}

function buildEngineRules(settings: Settings): AlertRule[] {
  if (settings.engineMetrics.mode === "off") return [];
  const checks = (what: string) =>
    `increase(${selectSeries(`engine_daemon_health_checks_${what}total`, dockerJobName)}[10m])`;
  const { healthChecksPercent } = settings.prometheus.alerts.thresholds;
  return [
    buildOwnAlert(settings, {
      alert: "EngineMetricsDown",
      // Of a Swarm's engines only those that published them: whether one does is its owner's choice.
      expr: isRelayed(settings)
        ? `${missingSeries} == 1 and on (node) present_over_time(${selectSeries("engine_daemon_engine_info", dockerJobName)}[1d])`
        : `${targetsUp(dockerJobName)} < 1`,
      severity: "warning",
      summary: `Docker Engine metrics are unavailable${isRelayed(settings) ? " on {{ $labels.node }}" : ""}`,
      description:
        "Look at metrics-addr in the engine's settings file, and at a host firewall between containers and that port.",
    }),
    // Where states of containers are measured, alerts name the container.
    ...(dockerApi.read(settings) === undefined
      ? [
          buildOwnAlert(settings, {
            alert: "EngineHealthChecksFailing",
            expr: `${checks("failed_")} / (${checks("")} > 0) > ${healthChecksPercent / 100}`,
            severity: "warning",
            lasts: 600,
            summary: "{{ $value | humanizePercentage }} of all health checks fail",
            description: "`docker ps --filter health=unhealthy` names the containers.",
            threshold: `more than ${healthChecksPercent} %`,
          }),
        ]
      : []),
  ];
}

/**
 * A job without any target has no `up` series at all; it counts as 0, where a plain sum would never
 * alert.
 */
function targetsUp(jobName: string): string {
  return `(sum(${selectSeries("up", jobName)}) or vector(0))`;
}
