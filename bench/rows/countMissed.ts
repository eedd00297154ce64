/** When each target was scraped, in seconds, by target. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** Part of an interval by which a scrape may be late without another one being missed. */
const tolerance = 0.5;

/**
 * How many scrapes are missing between those that there are.
 *
 * @param from seconds; gaps that ended before it do not count
 */
export function countMissed(samples: Samples, intervalSeconds: number, from: number): number {
  return Object.values(samples).reduce(
    (sum, times) =>
      sum +
      times.slice(1).reduce((missed, time, index) => {
        const gap = (time - (times[index] ?? time)) / intervalSeconds;
        return time < from || gap < 1 + tolerance ? missed : missed + Math.round(gap) - 1;
      }, 0),
    0,
  );
}
