import type { Target } from "../prometheus/answers";

/** A scrape job, as it is and as it should be. */
export interface JobTargets {
  readonly name: string;
  readonly targets: readonly Target[];
  readonly up: number;
  readonly down: number;
  /** How many targets Prometheus does not find: a container that stopped has no address to be scraped at. */
  readonly missing: number;
}

/** @returns the jobs with most faults first */
export function groupByJob(
  targets: readonly Target[],
  expected: Readonly<Record<string, number>>,
): JobTargets[] {
  const names = new Set([...Object.keys(expected), ...targets.map(readJob)]);
  return [...names]
    .map((name): JobTargets => {
      const own = targets.filter((target) => readJob(target) === name);
      return {
        name,
        targets: own,
        up: count(own, "up"),
        down: count(own, "down"),
        missing: Math.max(0, (expected[name] ?? 0) - own.length),
      };
    })
    .sort((a, b) => b.down + b.missing - a.down - a.missing || a.name.localeCompare(b.name));
}

function readJob({ labels, scrapePool }: Target): string {
  return labels["job"] ?? scrapePool;
}

function count(targets: readonly Target[], health: Target["health"]): number {
  return targets.filter((target) => target.health === health).length;
}
