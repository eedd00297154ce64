import { buildOwnAlert } from "../prometheus/ownAlert";
import type { AlertRule, RuleGroup } from "../prometheus/ruleFile";
import { rateWindowSeconds } from "../prometheus/rateWindow";
import { appScrapeIntervalSeconds, scrapedApps } from "../prometheus/scrapedApps";
import { selectSeries, type Matcher } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";

/**
 * Kills for want of memory by container, within ten minutes: also of one that was killed before it was seen for the first time, whose
 * counter never grew.
 *
 * @param select the series of one of the metrics about states
 */
export function killsWithinTenMinutes(select: (metric: string) => string): string {
  const kills = select("oom_kills_total");
  const isNew = `time() - ${select("start_time_seconds")} < 600`;
  return `(${kills} > 0 and on (node, name) ${isNew} unless ${kills} offset 10m) or increase(${kills}[10m])`;
}

/** Until what a container does not tell while it is down is known again, as seldom as it is asked. */
function settleSeconds(settings: Settings): number {
  const { apps, prometheus } = settings;
  const intervals = scrapedApps(apps).map((app) => appScrapeIntervalSeconds(app, settings));
  return rateWindowSeconds(Math.max(prometheus.scrapeIntervalSeconds, ...intervals));
}

/** The longest time that an alert about a container looks back. */
const longestLook = "15m";

/**
 * An alert about containers without those of other stacks, whose own Prometheus tells of them: an app of the same name there is not this
 * stack's. Also without one that was removed a moment ago, whose faults are still counted.
 *
 * @param jobName the job of the containers' states
 * @param prefix starts the names of the stack's containers
 */
export function withoutOtherStacks(rule: AlertRule, jobName: string, prefix: string): AlertRule {
  const matchers: Matcher[] = ['owner!=""', `owner!=${JSON.stringify(prefix)}`];
  const others = selectSeries("glasshouse_container_info", jobName, ...matchers);
  const expr = `(${rule.expr}) unless on (node, name) last_over_time(${others}[${longestLook}])`;
  return { ...rule, expr };
}

/** Rules about the states of containers: anybody's on the host, except those of other stacks. */
export function buildContainerStateRules(
  jobName: string,
  settings: Settings,
  prefix: string,
): RuleGroup {
  const { containerRestarts } = settings.prometheus.alerts.thresholds;
  const state = (metric: string, ...matchers: Matcher[]) =>
    selectSeries(`glasshouse_container_${metric}`, jobName, ...matchers);
  const withinTenMinutes = (metric: string) => `increase(${state(metric)}[10m])`;
  const wasStarted = state("start_time_seconds");
  // One that is restarted again and again is not running in between; that is another alert.
  const isDown =
    `(${state("running")} == 0) * on (node, name) group_left (stack, app) ` +
    `max by (node, name, stack, app) (${state("info", 'restart=~"always|unless-stopped"')}) ` +
    `unless on (node, name) ${withinTenMinutes("restarts_total")} > 0`;
  const lingers = settleSeconds(settings);
  const down = {
    alert: "ContainerDown",
    severity: "critical",
    lingers,
    summary: "{{ $labels.name }} is not running",
  } as const;
  const unhealthy = {
    record: "container:unhealthy:bool",
    expr: `max by (node, name) (${state("health")} == bool 0)`,
  };
  const alerts = [
    buildOwnAlert(settings, {
      ...down,
      expr: `${isDown} and on (node, name) ${wasStarted}`,
      description:
        "Its restart policy says that it should run. Someone stopped or paused it, or it cannot start.",
    }),
    buildOwnAlert(settings, {
      ...down,
      // In an update, one may wait for others before it is started for the first time.
      expr: `${isDown} unless on (node, name) ${wasStarted}`,
      lasts: 600,
      description: "It was created and never started: `docker start` tells why.",
    }),
    buildOwnAlert(settings, {
      alert: "ContainerRestartLoop",
      expr: `${withinTenMinutes("restarts_total")} > ${containerRestarts}`,
      severity: "critical",
      lasts: "event",
      summary: "{{ $labels.name }} ends again and again",
      description:
        'The engine restarted it {{ printf "%.0f" $value }} times within ten minutes; its log has the reason.',
      threshold: `more than ${containerRestarts} restarts in ten minutes`,
    }),
    buildOwnAlert(settings, {
      alert: "ContainerUnhealthy",
      expr: "container:unhealthy:bool == 1",
      severity: "critical",
      lingers,
      summary: "{{ $labels.name }} is unhealthy",
      description: "It runs, but fails its health check.",
    }),
    buildOwnAlert(settings, {
      alert: "ContainerHealthFlapping",
      // Into the state and out of it, twice.
      expr: "changes(container:unhealthy:bool[15m]) >= 4",
      severity: "warning",
      lasts: "event",
      summary: "{{ $labels.name }} is healthy and unhealthy in turns",
      description: "It is close to a limit of its own, or its health check's timeout is too short.",
    }),
    buildOwnAlert(settings, {
      alert: "ContainerOomKilled",
      expr: `(${killsWithinTenMinutes(state)}) > 0`,
      severity: "warning",
      lasts: "event",
      summary: "The kernel killed a process of {{ $labels.name }} for want of memory",
      description: "It asked for more memory than its limit, or the host had none left.",
    }),
  ];
  return {
    name: "container-states",
    rules: [unhealthy, ...alerts.map((alert) => withoutOtherStacks(alert, jobName, prefix))],
  };
}
