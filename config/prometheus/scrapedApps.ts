import type { AppSettings } from "../settings/appSettings";
import type { Settings } from "../settings/settings";

/**
 * The apps that are scraped, in the order of the stack file: those with containers and with metrics.
 *
 * An app with `replicas: 0` gets no job, no alert and no dashboard row: Docker's DNS forwards a
 * name without containers upstream, whose failure (SERVFAIL) would make Prometheus keep the dead
 * targets for good.
 */
export function scrapedApps(apps: readonly AppSettings[]): AppSettings[] {
  return apps.filter(({ replicas, metrics }) => replicas > 0 && metrics);
}

/**
 * How many targets the app's job has when all is well: `static` discovery scrapes the alias as one
 * target.
 */
export function declaredTargets({ discovery, replicas }: AppSettings): number {
  return discovery === "dns" ? replicas : 1;
}

/** Seconds between two scrapes of the app. */
export function appScrapeIntervalSeconds(
  app: AppSettings,
  { prometheus }: Pick<Settings, "prometheus">,
): number {
  return app.scrapeIntervalSeconds ?? prometheus.scrapeIntervalSeconds;
}
