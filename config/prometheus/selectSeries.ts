/** A PromQL matcher such as `code=~"5.."`. */
export type Matcher = `${string}=${string}` | `${string}!~${string}`;

/** The series of one metric that one job scrapes: `up{job="iotd-api"}`. */
export function selectSeries(metric: string, jobName: string, ...matchers: Matcher[]): string {
  // PromQL reads double-quoted strings by Go's rules, and every escape that JSON uses is among
  // them.
  return `${metric}{${[`job=${JSON.stringify(jobName)}`, ...matchers].join(",")}}`;
}
