import { askPrometheus, type PrometheusPlace } from "./askPrometheus";
import { explainScrapeError } from "./explainScrapeError";
import { showStep } from "./showStep";
import { ExplainedError } from "./setupError";

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
 * @param expected how many targets each job of the stack's own must have
 * @param timeoutSeconds how long all of them together may take
 * @param signal ends the waiting early
 * @param jobsOnNodes jobs that may have more targets: each node of a Swarm has one
 */
export async function waitForTargets(
  prometheus: PrometheusPlace,
  expected: Readonly<Record<string, number>>,
  timeoutSeconds = 120,
  signal?: AbortSignal,
  jobsOnNodes: readonly string[] = [],
): Promise<Target[]> {
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
