import { expect, it } from "vitest";
import { groupByJob } from "../../src/pages/groupByJob";
import type { Target } from "../../src/prometheus/answers";

const target = (job: string, health: Target["health"]): Target => ({
  scrapePool: job,
  scrapeInterval: "5s",
  discoveredLabels: {},
  scrapeUrl: `http://${job}/metrics`,
  labels: { job },
  health,
  lastError: health === "down" ? "connection refused" : "",
  lastScrape: "2026-01-01T00:00:00Z",
  lastScrapeDuration: 0.01,
});

it("misses the replicas that Prometheus does not find, also where none is left", () => {
  const jobs = groupByJob([target("shop", "up"), target("shop", "up"), target("till", "up")], {
    shop: 3,
    till: 1,
    gone: 2,
  });
  expect(jobs.map(({ name, up, missing }) => [name, up, missing])).toEqual([
    ["gone", 0, 2],
    ["shop", 2, 1],
    ["till", 1, 0],
  ]);
});

it("puts what is down first, and asks nothing of jobs that it was told nothing about", () => {
  const jobs = groupByJob([target("a", "up"), target("discovered", "down")], { a: 1 });
  expect(jobs.map(({ name, down, missing }) => [name, down, missing])).toEqual([
    ["discovered", 1, 0],
    ["a", 0, 0],
  ]);
});
