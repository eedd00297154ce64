import { selectSeries, type Matcher } from "../prometheus/selectSeries";

/** What a dashboard section knows of the job whose series it draws. */
export interface ScrapedJob {
  readonly jobName: string;
  /** Targets that the job has when all is well. */
  readonly declaredTargets: number;
  /**
   * Range of every `rate()`: a fixed text and not `$__rate_interval`, so that a query also runs
   * outside Grafana.
   */
  readonly rateWindow: string;
}

/** Increase per second of one counter. */
export function rateOf(job: ScrapedJob, metric: string, ...matchers: Matcher[]): string {
  return `rate(${selectSeries(metric, job.jobName, ...matchers)}[${job.rateWindow}])`;
}

/**
 * The query's answer, or 0 where it has none: for counters whose series appear with the first
 * event. Not for what an app may not measure at all, where 0 would be a lie; that takes `orGap`.
 */
export function orZero(query: string): string {
  return `${query} or vector(0)`;
}

/**
 * The query's answer, or NaN where it has none, which Grafana draws as an empty graph: not
 * measured, not zero.
 */
export function orGap(query: string): string {
  return `${query} or vector(NaN)`;
}
