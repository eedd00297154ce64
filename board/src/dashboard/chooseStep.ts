import { rangeUtil } from "@grafana/data";

/** Prometheus refuses a query of more points than this. */
const maxPoints = 11_000;

export interface StepChoice {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Points that the panel can show: its width in pixels, if the dashboard does not say. */
  readonly maxDataPoints: number;
  readonly scrapeIntervalSeconds: number;
  /** Least step that the panel or the query asks for. */
  readonly minStepSeconds?: number | undefined;
}

/** The step of a range query in seconds, as Grafana chooses it: never below the scrape interval, which would repeat samples. */
export function chooseStep(choice: StepChoice): number {
  const rangeSeconds = Math.max(1, choice.toSeconds - choice.fromSeconds);
  const wanted = rangeUtil.roundInterval((rangeSeconds * 1000) / choice.maxDataPoints) / 1000;
  const least = choice.minStepSeconds ?? choice.scrapeIntervalSeconds;
  return Math.max(wanted, least, Math.ceil(rangeSeconds / maxPoints));
}

/** Grafana's `$__rate_interval`: long enough for `rate` to find two samples at each step. */
export function rateInterval(stepSeconds: number, scrapeIntervalSeconds: number): number {
  return Math.max(stepSeconds + scrapeIntervalSeconds, 4 * scrapeIntervalSeconds);
}
