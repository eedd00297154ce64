import type { AppSettings } from "../settings/appSettings";
import { alertmanager, alertmanagerTarget } from "../servers/alertmanager";
import { dockerJobName, enginePortOf, isRelayed } from "../servers/engineRelay";
import { servers } from "../servers/servers";
import type { Settings } from "../settings/settings";
import { appScrapeIntervalSeconds, scrapedApps } from "./scrapedApps";
import { buildDiscoveryJobs } from "./discoveryJob";
import { renderDuration } from "./renderDuration";
import { renderMebibytes } from "./renderMebibytes";
import { renderYaml } from "./renderYaml";
import { buildExternalJobs } from "./externalJobs";
import { completeServerJob } from "./nodeJobs";
import {
  type AlertingConfig,
  buildStaticJob,
  type ScrapeConfig,
  type ScrapeJob,
} from "./scrapeConfig";
import { intervalUnlessGlobal, scrapeTimeoutSeconds } from "./scrapeInterval";

/** The alert rules, relative to the scrape configuration. */
export const rulesFileName = "rules.yml";

const defaultMetricsPath = "/metrics";
const defaultDnsRefreshSeconds = 30;

/**
 * What Prometheus scrapes: the servers, itself among them, the Docker Engine (unless `engineMetrics.mode` is `off`),
 * every deployed app, and what `scrapeJobs` lists.
 *
 * The result is for Prometheus 3.0 or later: 2.x does not know `fallback_scrape_protocol` and
 * refuses to start. Job names have to differ, as Prometheus refuses a file that repeats one; the
 * settings' own rules make sure of it.
 *
 * @param stackNetwork name on the host of the network that all containers share
 */
export function buildScrapeConfig(settings: Settings, stackNetwork: string): ScrapeConfig {
  const { scrapeIntervalSeconds, maxScrapeMb, maxScrapeSamples, externalLabels } =
    settings.prometheus;
  const jobs = [
    ...servers.flatMap((server) =>
      server
        .jobs(settings)
        .map((job) => completeServerJob(server.name, job, settings, stackNetwork)),
    ),
    ...engineJobs(settings),
    ...scrapedApps(settings.apps).map((app) => appJob(app, settings)),
    ...buildExternalJobs(settings),
    ...buildDiscoveryJobs(settings, stackNetwork),
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
    ...(alertmanager.read(settings) && { alerting: buildAlerting(stackNetwork) }),
    rule_files: [rulesFileName],
    // Sorted, so that reordering apps in the stack file does not reload Prometheus.
    scrape_configs: jobs.sort((a, b) => (a.job_name < b.job_name ? -1 : 1)),
  };
}

/** @param prefix starts the names of the stack's containers */
function buildAlerting(prefix: string): AlertingConfig {
  return {
    alert_relabel_configs: [
      // What is wrong with a replica is about its app: one message for both.
      {
        source_labels: ["app", "name"],
        regex: `;${prefix.replaceAll(".", "\\.")}-(.+)-[0-9]+`,
        target_label: "app",
      },
    ],
    alertmanagers: [{ static_configs: [{ targets: [alertmanagerTarget] }] }],
  };
}

/** The text of `prometheus.yml`. */
export function renderScrapeConfig(config: ScrapeConfig): string {
  return renderYaml(config);
}

function engineJobs(settings: Settings): ScrapeJob[] {
  const { engineMetrics } = settings;
  if (engineMetrics.mode === "off" || isRelayed(settings)) return [];
  return [buildStaticJob(dockerJobName, `host.docker.internal:${enginePortOf(engineMetrics)}`)];
}

function appJob(app: AppSettings, settings: Settings): ScrapeJob {
  const intervalSeconds = appScrapeIntervalSeconds(app, settings);
  return {
    job_name: app.jobName,
    ...intervalUnlessGlobal(intervalSeconds, settings.prometheus.scrapeIntervalSeconds),
    ...(app.metricsPath === defaultMetricsPath ? {} : { metrics_path: app.metricsPath }),
    // Prometheus 3 refuses a response whose Content-Type it does not know, and many apps send none.
    fallback_scrape_protocol: app.fallbackScrapeProtocol,
    ...(app.discovery === "dns"
      ? dnsTargets(app, intervalSeconds, settings.swarm.mode !== "off")
      : staticTarget(app)),
  };
}

function staticTarget({
  name,
  alias,
  metricsPort,
}: AppSettings): Pick<ScrapeJob, "static_configs"> {
  // The port is written out even when it is 80: Prometheus 3 adds no default port.
  return { static_configs: [{ targets: [`${alias}:${metricsPort}`], labels: { app: name } }] };
}

function dnsTargets(
  { name, alias, metricsPort: port }: AppSettings,
  intervalSeconds: number,
  inSwarm: boolean,
): Pick<ScrapeJob, "dns_sd_configs" | "relabel_configs"> {
  // In a Swarm this name has the addresses of all replicas, also where the alias has a virtual one.
  const host = inSwarm ? `tasks.${alias}` : alias;
  const refresh_interval = dnsRefreshInterval(intervalSeconds);
  return {
    dns_sd_configs: [{ names: [host], type: "A", port, refresh_interval }],
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
