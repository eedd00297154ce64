import { renderDuration } from "./renderDuration";
import type { ScrapeJob } from "./scrapeConfig";

const defaultScrapeTimeoutSeconds = 10;

/** Interval and timeout of a job, where they differ from the global ones. */
export function intervalUnlessGlobal(
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
export function scrapeTimeoutSeconds(intervalSeconds: number): number {
  return Math.min(defaultScrapeTimeoutSeconds, intervalSeconds);
}
