import { askPrometheus, type PrometheusPlace } from "./askPrometheus";
import { explainScrapeError } from "./explainScrapeError";
import { showStep } from "./showStep";
import { ExplainedError } from "./setupError";

export interface WaitForTargetsArgs {
  readonly prometheus: PrometheusPlace;
  /** How many targets each job of the stack's own must have. */
  readonly expected: Readonly<Record<string, number>>;
  /** Jobs that may have more targets: each node of a Swarm has one. Default: none */
  readonly jobsOnNodes?: readonly string[] | undefined;
  /** How long all of them together may take. Default: 120 */
  readonly timeoutSeconds?: number;
  /** Ends the waiting early. */
  readonly signal?: AbortSignal | undefined;
}

export interface Target {
  readonly job: string;
  readonly url: string;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

/**
 * Waits until Prometheus has found and scraped every target of the stack's own; one of someone else's that is down is no fault of
 * a deployment.
 *
 * @throws ExplainedError with the targets that are missing or down when the time is over
 */
export async function waitForTargets({
  prometheus,
  expected,
  jobsOnNodes = [],
  timeoutSeconds = 120,
  signal,
}: WaitForTargetsArgs): Promise<Target[]> {
  return showStep("Waiting until every scrape target is up", async () => {
    const deadline = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      signal?.throwIfAborted();
      const targets = await readTargets(prometheus).catch(() => []);
      const waiting = findWaiting(targets, expected, jobsOnNodes);
      if (waiting.length === 0) return targets;
      if (Date.now() > deadline) {
        throw new ExplainedError(
          `Not every scrape target is up:\n${waiting.map((line) => `  ${line}`).join("\n")}\n` +
            "Everything is deployed. `npm run doctor` says what is wrong with these, and how to fix it.",
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });
}

export async function readTargets(prometheus: PrometheusPlace): Promise<Target[]> {
  const answer = await askPrometheus(prometheus, "/api/v1/targets?state=active");
  const { data } = JSON.parse(answer) as {
    data: {
      activeTargets: {
        scrapePool: string;
        scrapeUrl: string;
        health: Target["health"];
        lastError: string;
      }[];
    };
  };
  return data.activeTargets.map(({ scrapePool, scrapeUrl, health, lastError }) => ({
    job: scrapePool,
    url: scrapeUrl,
    health,
    lastError,
  }));
}

function findWaiting(
  targets: readonly Target[],
  expected: Readonly<Record<string, number>>,
  jobsOnNodes: readonly string[],
): string[] {
  const counts = Object.entries(expected).flatMap(([job, wanted]) => {
    const found = targets.filter((target) => target.job === job).length;
    const isWell = found === wanted || (found > wanted && jobsOnNodes.includes(job));
    return isWell ? [] : [`${job}: ${found} of ${wanted} targets found`];
  });
  const down = targets
    .filter(({ job, health }) => health !== "up" && job in expected)
    .map(({ job, url, health, lastError }) =>
      health === "unknown"
        ? `${job}: ${url} was not scraped yet`
        : `${job}: ${url} is ${health}: ${explainScrapeError(lastError)}`,
    );
  return [...counts, ...down];
}
