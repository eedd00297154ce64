import type Docker from "dockerode";
import { readTargets } from "../../cli/waitForTargets";
import { countMissed, type Samples } from "./countMissed";
import { watchReloads } from "./watchReloads";

export interface WatchedJob {
  /** Of Prometheus. */
  readonly url: string;
  readonly docker: Docker;
  /** Prometheus' container. */
  readonly container: string;
  /** The job that is to come. */
  readonly job: string;
  readonly intervalSeconds: number;
}

const pollMilliseconds = 50;
const patienceSeconds = 120;

export interface Watched<T> {
  readonly result: T;
  readonly secondsUntilLive: number;
  /** From the signal to read the files again, which comes when they are all in their places; undefined without one. */
  readonly secondsSinceReload: number | undefined;
  readonly missedScrapes: number;
}

/** Does something that adds a scrape job, and tells when Prometheus runs it and what it missed of others meanwhile. */
export async function watchJob<T>(
  { url, docker, container, job, intervalSeconds }: WatchedJob,
  change: () => Promise<T>,
): Promise<Watched<T>> {
  const before = await readUpSamples(url, 10 * intervalSeconds);
  const reloads = await watchReloads(docker, container);
  const from = Date.now() / 1000;
  let hasFailed = false;
  const changing = change().catch((error: unknown) => {
    hasFailed = true;
    throw error;
  });
  const waiting = waitForJob({ url, job, from, hasFailed: () => hasFailed });
  const [result, secondsUntilLive] = await Promise.all([changing, waiting]).finally(reloads.stop);
  const reloaded = reloads.stop();
  await sleep(2000 * intervalSeconds);
  const to = Date.now() / 1000;
  const after = await readUpSamples(url, Math.ceil(to - from) + 5 * intervalSeconds);
  const watched = Object.fromEntries(
    Object.entries(after).filter(([series]) => series in before),
  ) as Samples;
  return {
    result,
    secondsUntilLive,
    secondsSinceReload: reloaded && from + secondsUntilLive - reloaded,
    missedScrapes: countMissed(watched, intervalSeconds, from),
  };
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
