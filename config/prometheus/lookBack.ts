import type { Settings } from "../settings/settings";

/** Prometheus' default. */
export const longestLookBackSeconds = 300;
const shortLookBackSeconds = 120;

/**
 * How long a value counts that nothing has followed (`--query.lookback-delta`).
 *
 * A target that ends is forgotten at once by the Prometheus that asks it; but one that is replaced together with its
 * targets has never asked them, and counts the former ones with the new ones for so long. Shorter than the default
 * where four scrapes fit in. Two values only: another one replaces the container, and an added job is not to.
 */
export function lookBackSeconds(settings: Settings): number {
  const longest = Math.max(...listScrapeIntervals(settings).map(({ seconds }) => seconds));
  return 4 * longest <= shortLookBackSeconds ? shortLookBackSeconds : longestLookBackSeconds;
}

/** Seconds between two scrapes, by the setting that says so. */
export function listScrapeIntervals({ prometheus, apps, scrapeJobs, probes }: Settings) {
  const own = (
    list: string,
    jobs: readonly { readonly scrapeIntervalSeconds?: number | undefined }[],
  ) =>
    jobs.flatMap(({ scrapeIntervalSeconds: seconds }, index) =>
      seconds === undefined ? [] : [{ path: `${list}[${index}].scrapeIntervalSeconds`, seconds }],
    );
  return [
    { path: "prometheus.scrapeIntervalSeconds", seconds: prometheus.scrapeIntervalSeconds },
    ...own("apps", apps),
    ...own("scrapeJobs", scrapeJobs),
    ...probes.map(({ intervalSeconds }, index) => ({
      path: `probes[${index}].intervalSeconds`,
      seconds: intervalSeconds,
    })),
  ];
}
