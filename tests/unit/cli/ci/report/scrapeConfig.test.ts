import {
  describeRules,
  describeScrapeConfig,
} from "../../../../../cli/ci/report/changes/scrapeConfig";
import { renderPlain } from "../../../../../cli/ci/report/words";

const config = (interval: string, jobs: string) =>
  `global:\n  scrape_interval: ${interval}\nscrape_configs:\n${jobs}`;
const linesOf = (before: string, after: string) =>
  describeScrapeConfig(before, after).map(renderPlain);

describe("describeScrapeConfig", () => {
  it("tells of a job's own interval, and not of jobs that keep theirs", () => {
    const before = config("10s", "  - { job_name: a, scrape_interval: 3s }\n  - { job_name: b }");
    const after = config("10s", "  - { job_name: a }\n  - { job_name: b }");
    expect(linesOf(before, after)).toStrictEqual(["job a interval 3s → 10s"]);
  });

  it("names other settings of a job, and global ones", () => {
    const before =
      "global: { sample_limit: 1 }\nscrape_configs: [{ job_name: a, metrics_path: /a }]";
    const after =
      "global: { sample_limit: 2 }\nscrape_configs: [{ job_name: a, metrics_path: /b }]";
    expect(linesOf(before, after)).toStrictEqual([
      "job a metrics_path changes",
      "global settings sample_limit change",
    ]);
  });

  it.each(["", "[", "- 1", "scrape_configs: 7", "a: &a [*a]"])("survives %j", (odd) => {
    expect(linesOf(odd, config("10s", "  - { job_name: a }"))).toContain("job a is new");
  });
});

describe("describeRules", () => {
  it("tells new, gone and changed ones apart", () => {
    const rules = (...list: string[]) => `groups: [{ name: g, rules: [${list.join(", ")}] }]`;
    const before = rules("{ alert: A, expr: x }", "{ alert: B, expr: x }");
    const after = rules("{ alert: B, expr: y }", "{ record: C, expr: x }");
    expect(describeRules(before, after).map(renderPlain)).toStrictEqual([
      "rule C new",
      "rule A gone",
      "rule B changed",
    ]);
  });
});
