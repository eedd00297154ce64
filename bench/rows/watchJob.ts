import { readTargets } from "../../setup/waitForTargets";
import { countMissed, type Samples } from "./countMissed";

export interface WatchedJob {
  /** Of Prometheus. */
  readonly url: string;
  /** The job that is to come. */
  readonly job: string;
  readonly intervalSeconds: number;
}

const pollMilliseconds = 50;
const patienceSeconds = 120;

/** Does something that adds a scrape job, and tells when Prometheus runs it and what it missed of others meanwhile. */
export async function watchJob<T>(
  { url, job, intervalSeconds }: WatchedJob,
  change: () => Promise<T>,
): Promise<{ result: T; secondsUntilLive: number; missedScrapes: number }> {
  const before = await readUpSamples(url, 10 * intervalSeconds);
  const from = Date.now() / 1000;
  let hasFailed = false;
  const changing = change().catch((error: unknown) => {
    hasFailed = true;
    throw error;
  });
  const [result, secondsUntilLive] = await Promise.all([
    changing,
    waitForJob({ url, job, from, hasFailed: () => hasFailed }),
  ]);
  await sleep(2000 * intervalSeconds);
  const to = Date.now() / 1000;
  const after = await readUpSamples(url, Math.ceil(to - from) + 5 * intervalSeconds);
  const watched = Object.fromEntries(
    Object.entries(after).filter(([series]) => series in before),
  ) as Samples;
  return { result, secondsUntilLive, missedScrapes: countMissed(watched, intervalSeconds, from) };
}

interface Wait {
  readonly url: string;
  readonly job: string;
  readonly from: number;
  readonly hasFailed: () => boolean;
}

async function waitForJob({ url, job, from, hasFailed }: Wait): Promise<number> {
  for (;;) {
    const targets = await readTargets({ url }).catch(() => []);
    const seconds = Date.now() / 1000 - from;
    if (targets.some((target) => target.job === job)) return seconds;
    if (hasFailed() || seconds > patienceSeconds)
      throw new Error(`Prometheus does not run the job ${job}`);
    await sleep(pollMilliseconds);
  }
}

/** When each target was scraped in the last while, in seconds since 1970. */
async function readUpSamples(url: string, seconds: number): Promise<Samples> {
  const query = encodeURIComponent(`up[${seconds}s]`);
  const response = await fetch(`${url}/api/v1/query?query=${query}`);
  const { data } = (await response.json()) as {
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  };
  return Object.fromEntries(
    data.result.map(({ metric, values }) => [
      `${metric["job"]} ${metric["instance"]}`,
      values.map(([time]) => time),
    ]),
  );
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
