import type { BenchResult } from "../../../../bench/report/benchResult";
import { renderGoals } from "../../../../bench/report/renderGoals";
import { bareResult } from "./bareResult";

const linesFor = (rows: BenchResult["rows"]) => renderGoals({ ...bareResult, rows }).split("\n");

it("takes the median of a goal in seconds, and no longer than it", () => {
  const line = (seconds: number) => `| no-change preview under 1.5 s | ${seconds} s |`;
  const preview = (glasshouse: number[]) => linesFor({ "chapter-preview": { glasshouse } });
  expect(preview([1.4, 9, 1.2])).toContain(`${line(1.4)} yes |`);
  expect(preview([1.5])).toContain(`${line(1.5)} no |`);
});

it("measures the page in its own units", () => {
  const lines = linesFor({
    "page-script": { glasshouse: [641] },
    "page-growth": { glasshouse: [5] },
  });
  const before = "| at most 700 kB of compressed JavaScript before that |";
  expect(lines).toContain(`${before} 641 kB | yes |`);
  expect(lines.find((line) => line.includes("memory stays"))).toMatch(/\| 5 MiB \| no \|$/);
});

it("takes the median of the rounds' ratios where another tool is the measure", () => {
  const goal = "| first `up` at most 1.25 × compose |";
  const rows = (glasshouse: number[]) => ({
    "chapter-first-up": { glasshouse, compose: [10, 20, 10] },
  });
  expect(linesFor(rows([12.5, 20, 30]))).toContain(`${goal} 1.25 × | yes |`);
  expect(linesFor(rows([13, 20, 30]))).toContain(`${goal} 1.3 × | no |`);
});

it("wants every row of those that both tools have, and names the one that is furthest from it", () => {
  const rows: BenchResult["rows"] = {
    "chapter-first-up": { glasshouse: [1], ansible: [3.5], terraform: [2] },
    "chapter-destroy": { glasshouse: [2], ansible: [5], terraform: [3] },
    "chapter-preview": { glasshouse: [1], ansible: [2] },
    // What Prometheus takes is no tool's doing.
    "chapter-job-reload": { glasshouse: [4], ansible: [1], terraform: [1] },
    // Nothing can be a part of nothing.
    "chapter-job-missed": { glasshouse: [0], ansible: [0], terraform: [0] },
    "render-time": { glasshouse: [9] },
  };
  const lines = linesFor(rows);
  expect(lines).toContain("| ahead of Terraform on every row | on 2 of 2 rows | yes |");
  expect(lines).toContain(
    "| three times ahead of Ansible on every row | on 1 of 3 rows; furthest from it: preview, nothing changed, 0.5 × theirs | no |",
  );
});

it("forgives no missed scrape, in whichever round", () => {
  const lines = linesFor({ "chapter-job-missed": { glasshouse: [0, 0, 1] } });
  expect(lines).toContain("| no scrape missed meanwhile | 1 | no |");
});

it("counts what was not measured as neither", () => {
  const goals = linesFor({})
    .filter((line) => line.startsWith("| "))
    .slice(2);
  expect(goals).toHaveLength(15);
  for (const line of goals) expect(line).toMatch(/\| not measured \| – \|$/);
});
