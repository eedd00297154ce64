import type { AppSettings } from "../appSettings";
import { appScrapeIntervalSeconds, deployedApps, type ObservedSettings } from "./observedSettings";
import { renderDuration } from "./renderDuration";
import { renderMebibytes } from "./renderMebibytes";
import { renderYaml } from "./renderYaml";

/** Job of Prometheus' own metrics; no app may take the name. */
export const prometheusJobName = "prometheus";

/** Job of the Docker Engine's metrics; no app may take the name. */
export const dockerJobName = "docker";

/** The alert rules, relative to the scrape configuration. */
export const rulesFileName = "rules.yml";

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#static_config */
export interface StaticConfig {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#dns_sd_config */
export interface DnsSdConfig {
  readonly names: readonly string[];
  readonly type: "A";
  readonly port: number;
  readonly refresh_interval: string;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
export interface RelabelConfig {
  readonly target_label: string;
  readonly replacement: string;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config */
export interface ScrapeJob {
  readonly job_name: string;
  readonly scrape_interval?: string;
  readonly scrape_timeout?: string;
  readonly metrics_path?: string;
  readonly fallback_scrape_protocol?: AppSettings["fallbackScrapeProtocol"];
  readonly static_configs?: readonly StaticConfig[];
  readonly dns_sd_configs?: readonly DnsSdConfig[];
  readonly relabel_configs?: readonly RelabelConfig[];
}

/** The parts of Prometheus' configuration that Glasshouse uses. */
export interface ScrapeConfig {
  readonly global: {
    readonly scrape_interval: string;
    readonly scrape_timeout: string;
    readonly evaluation_interval: string;
    readonly external_labels?: Readonly<Record<string, string>>;
    readonly body_size_limit: string;
    readonly sample_limit: number;
  };
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly ScrapeJob[];
}

const defaultMetricsPath = "/metrics";
const defaultScrapeTimeoutSeconds = 10;
const defaultDnsRefreshSeconds = 30;

/**
 * What Prometheus scrapes: itself, the Docker Engine (unless `engineMetrics.mode` is `off`) and
 * every deployed app.
 *
 * The result is for Prometheus 3.0 or later: 2.x does not know `fallback_scrape_protocol` and
 * refuses to start. Job names have to differ, as Prometheus refuses a file that repeats one; the
 * settings' own rules see to it.
 */
export function buildScrapeConfig(settings: ObservedSettings): ScrapeConfig {
  const { scrapeIntervalSeconds, maxScrapeMb, maxScrapeSamples, externalLabels } =
    settings.prometheus;
  const jobs = [
    staticJob(prometheusJobName, "localhost:9090"),
    ...engineJobs(settings.engineMetrics),
    ...deployedApps(settings.apps).map((app) => appJob(app, settings)),
  ];
  return {
    global: {
      scrape_interval: renderDuration(scrapeIntervalSeconds),
      scrape_timeout: renderDuration(scrapeTimeoutSeconds(scrapeIntervalSeconds)),
      evaluation_interval: renderDuration(scrapeIntervalSeconds),
      ...(Object.keys(externalLabels).length > 0 && { external_labels: externalLabels }),
      // Without them one target that answers hundreds of MB ends Prometheus, and with it the scrapes of all others.
      body_size_limit: renderMebibytes(maxScrapeMb),
      sample_limit: maxScrapeSamples,
    },
    rule_files: [rulesFileName],
    // Sorted, so that reordering apps in the stack file does not reload Prometheus.
    scrape_configs: jobs.sort((a, b) => (a.job_name < b.job_name ? -1 : 1)),
  };
}

/** The text of `prometheus.yml`. */
export function renderScrapeConfig(config: ScrapeConfig): string {
  return renderYaml(config);
}

function staticJob(jobName: string, target: string): ScrapeJob {
  return { job_name: jobName, static_configs: [{ targets: [target] }] };
}

function engineJobs({ mode, address }: ObservedSettings["engineMetrics"]): ScrapeJob[] {
  const port = address.slice(address.lastIndexOf(":") + 1);
  return mode === "off" ? [] : [staticJob(dockerJobName, `host.docker.internal:${port}`)];
}

function appJob(app: AppSettings, settings: ObservedSettings): ScrapeJob {
  const intervalSeconds = appScrapeIntervalSeconds(app, settings);
  return {
    job_name: app.jobName,
    ...intervalUnlessGlobal(intervalSeconds, settings.prometheus.scrapeIntervalSeconds),
    ...(app.metricsPath === defaultMetricsPath ? {} : { metrics_path: app.metricsPath }),
    // Prometheus 3 refuses a response whose Content-Type it does not know, and many apps send none.
    fallback_scrape_protocol: app.fallbackScrapeProtocol,
    ...(app.discovery === "dns" ? dnsTargets(app, intervalSeconds) : staticTarget(app)),
  };
}

function intervalUnlessGlobal(
  intervalSeconds: number,
  globalSeconds: number,
): Pick<ScrapeJob, "scrape_interval" | "scrape_timeout"> {
  const timeoutSeconds = scrapeTimeoutSeconds(intervalSeconds);
  return {
    ...(intervalSeconds === globalSeconds
      ? {}
      : { scrape_interval: renderDuration(intervalSeconds) }),
    ...(timeoutSeconds === scrapeTimeoutSeconds(globalSeconds)
      ? {}
      : { scrape_timeout: renderDuration(timeoutSeconds) }),
  };
}

/** Prometheus' default, unless that is longer than the interval, which Prometheus refuses. */
function scrapeTimeoutSeconds(intervalSeconds: number): number {
  return Math.min(defaultScrapeTimeoutSeconds, intervalSeconds);
}

function staticTarget({ name, alias, port }: AppSettings): Pick<ScrapeJob, "static_configs"> {
  // The port is written out even when it is 80: Prometheus 3 adds no default port.
  return { static_configs: [{ targets: [`${alias}:${port}`], labels: { app: name } }] };
}

function dnsTargets(
  { name, alias, port }: AppSettings,
  intervalSeconds: number,
): Pick<ScrapeJob, "dns_sd_configs" | "relabel_configs"> {
  return {
    dns_sd_configs: [
      { names: [alias], type: "A", port, refresh_interval: dnsRefreshInterval(intervalSeconds) },
    ],
    // These targets are addresses that change with every new container; `app` is what stays.
    relabel_configs: [{ target_label: "app", replacement: name }],
  };
}

/**
 * Half a scrape interval, so that a new replica is known by the scrape after next; from one second
 * to the default. Prometheus ignores the answer's TTL, so this alone decides how soon scaling is
 * seen.
 */
function dnsRefreshInterval(intervalSeconds: number): string {
  return renderDuration(
    Math.min(defaultDnsRefreshSeconds, Math.max(1, Math.floor(intervalSeconds / 2))),
  );
}
