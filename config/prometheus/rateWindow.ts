import { renderDuration } from "./renderDuration";

/**
 * The range of every `rate()` and the patience of most alerts: four scrapes, at least one minute.
 *
 * A rate needs two samples, and with four one missed scrape leaves no gap in the graph.
 */
export function rateWindow(scrapeIntervalSeconds: number): string {
  return renderDuration(rateWindowSeconds(scrapeIntervalSeconds));
}

/** The same in seconds. */
export function rateWindowSeconds(scrapeIntervalSeconds: number): number {
  return Math.max(60, 4 * scrapeIntervalSeconds);
}
