import type { BenchResult } from "../../../../bench/report/benchResult";
import { replacePart } from "../../../../bench/report/keepResult";
import { renderChange, renderReport } from "../../../../bench/report/renderReport";
import { bareResult } from "./bareResult";

const result: BenchResult = {
  ...bareResult,
  peers: {
    glasshouse: { title: "Glasshouse on Pulumi 3.256.0" },
    compose: { title: "docker compose 2.26.1" },
    terraform: { missing: "there is no `terraform` on the PATH" },
    ansible: { title: "Ansible 2.19", isSlow: true, failed: "round 2 of 3, scale" },
  },
  rows: {
    "chapter-first-up": { glasshouse: [12, 14, 13], compose: [10, 10, 13] },
    "chapter-job-missed": { glasshouse: [0, 0, 0], compose: [0, 1, 0] },
  },
};

const linesOf = (report: string) => report.split("\n");

describe("a report", () => {
  it("says where and when it was, and with which versions", () => {
    expect(linesOf(renderReport(result, undefined))).toEqual(
      expect.arrayContaining([
        "| date | 2026-01-02 03:04 UTC |",
        "| rounds | 3 |",
        "| machine | 2 cores, 24 GB, Linux 6.1 |",
        "| load before it | 0.1 |",
        "| Docker Engine | 20.10.24 |",
        "| glasshouse | Glasshouse on Pulumi 3.256.0 |",
      ]),
    );
  });

  it("has a line for each row that was measured, with median and reach of each tool", () => {
    expect(linesOf(renderReport(result, undefined))).toEqual(
      expect.arrayContaining([
        "|  | unit | glasshouse | compose | ansible | change |",
        "| first `up`, all ready | s | 13 (12–14) | 10 (10–13) | – | – |",
        "| a scrape job added: scrapes missed meanwhile |  | 0 | 0 (0–1) | – | – |",
      ]),
    );
  });

  it("divides within the rounds", () => {
    expect(linesOf(renderReport(result, undefined))).toContain(
      "| first `up`, all ready | 1.2 (1–1.4) | – |",
    );
  });

  it("has nothing to divide when there is one tool alone", () => {
    const rows = { "chapter-first-up": { glasshouse: [12] } };
    expect(renderReport({ ...result, rows }, undefined)).not.toContain("divided");
  });

  it("names the tools that took no part, and those that failed", () => {
    const report = renderReport(result, undefined);
    expect(linesOf(report)).toEqual(
      expect.arrayContaining([
        "| terraform | not measured: there is no `terraform` on the PATH |",
        "| ansible | Ansible 2.19; 1 → 50 replicas in place of 200, 3 → 30 → 3 in one round; it failed in round 2 of 3, scale |",
      ]),
    );
  });

  it("shows what became slower since the run that was kept", () => {
    const kept = {
      ...result,
      date: "2025-12-24T00:00:00.000Z",
      rows: { "chapter-first-up": { glasshouse: [10, 10, 10] } },
    };
    const report = renderReport(result, kept);
    expect(report).toContain("(2025-12-24)");
    expect(report).toContain("| 10 (10–13) | – | +30 % |");
  });

  it("says so when the machine was busy", () => {
    expect(renderReport(result, undefined)).not.toContain("not quiet");
    const busy = { ...result, machine: { ...result.machine, loadBefore: 2 } };
    expect(renderReport(busy, undefined)).toContain("not quiet");
  });
});

describe("a change", () => {
  it.each([
    [13, 10, "+30 %"],
    [9, 10, "-10 %"],
    [10, 10, "0 %"],
    [0, 0, "0 %"],
    [2, 0, "0 → 2"],
    [undefined, 10, "–"],
    [10, undefined, "–"],
  ])("from %s against %s is %s", (now, before, expected) => {
    expect(renderChange(now, before)).toBe(expected);
  });
});

describe("the document's part", () => {
  const document = "# Title\n\n<!-- results:begin -->\nold\n<!-- results:end -->\n\nThe end.\n";

  it("is replaced, and nothing else", () => {
    const replaced = replacePart(document, "results", "new");
    expect(replaced).toMatch(/^# Title\n\n<!-- results:begin -->[^]*new[^]*<!-- results:end -->/);
    expect(replaced).not.toContain("old");
    expect(replaced).toMatch(/\n\nThe end\.\n$/);
    expect(replacePart(replaced, "results", "new")).toBe(replaced);
  });

  it("has to be there", () => {
    expect(() => replacePart(document, "trace", "new")).toThrow("<!-- trace:begin -->");
  });
});
