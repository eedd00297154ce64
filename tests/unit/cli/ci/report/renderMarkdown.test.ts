import { buildFailedReport, type StackReport } from "../../../../../cli/ci/report/buildReport";
import { findExitCode } from "../../../../../cli/ci/report/exitCode";
import { codeBlock, codeSpan } from "../../../../../cli/ci/report/markdown";
import { renderDrift } from "../../../../../cli/ci/report/renderDrift";
import { renderJson } from "../../../../../cli/ci/report/renderJson";
import { renderMarkdown } from "../../../../../cli/ci/report/renderMarkdown";
import { say } from "../../../../../cli/ci/report/words";
import { readPreviewText, reportOf } from "./readPreviewFile";

const empty: StackReport = { ...buildFailedReport("test", ""), failure: undefined };
const hostile = "`` </details><img src=x> | @team [x](http://x) \n## heading\n- [ ] #1";

describe("the comment", () => {
  it("has risky changes first, then the others, diffs, and Pulumi's detail folded away", () => {
    const text = renderMarkdown([reportOf(readPreviewText("many"))]);
    const places = [
      "### `test`: 10 changes, 1 to look at twice",
      "**⚠️ Look twice**",
      "- **till**: published beyond loopback at `0.0.0.0:29191`",
      "**Changes**",
      "- **Prometheus**: job `shop` interval 3s → 10s, reloaded without restart",
      "`prometheus.yml`\n\n```diff\n--- prometheus.yml",
      "<details><summary>Pulumi's detail: 14 resources</summary>\n\n```text\n",
    ].map((part) => text.indexOf(part));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toStrictEqual([...places].sort((a, b) => a - b));
    expect(text.endsWith("```\n\n</details>\n")).toBe(true);
  });

  it("keeps hostile names and values from being markup", () => {
    const report: StackReport = {
      ...empty,
      stack: hostile,
      unknowns: [hostile],
      warnings: [hostile],
      changes: [{ subject: hostile, words: say`x ${hostile}`, risk: "risk" }],
      violations: [{ policy: hostile, level: hostile, resource: hostile, message: hostile }],
      diffs: [{ title: hostile, text: `+${hostile}\n+\`\`\`\n+</details>` }],
      details: [{ operation: "create", type: hostile, name: hostile, properties: [hostile] }],
    };
    const text = renderMarkdown([report]);
    // Outside of code nothing of it is left: no HTML but our own, no mention, no link, no heading.
    const outside = text
      .replaceAll(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, "")
      .replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
    expect(outside).not.toMatch(/@|\[x\]|<img|^## |#1/m);
    expect(outside.match(/<\/?details>/g)).toStrictEqual(["<details>", "</details>"]);
  });

  it.each([1, 3])(
    "fits GitHub's limit with %i huge stacks, and says what is left out",
    (stacks) => {
      const long = Array.from({ length: 5000 }, (_, index) => `+ line ${index} ${"x".repeat(50)}`);
      const report: StackReport = {
        ...empty,
        changes: Array.from({ length: 500 }, (_, index) => ({
          subject: `app-${index}`,
          words: say`${"y".repeat(100)}`,
        })),
        diffs: ["a", "b", "c", "d"].map((title) => ({ title, text: long.join("\n") })),
        details: long.map((name) => ({ operation: "create", type: "t", name, properties: [] })),
      };
      const text = renderMarkdown(Array.from({ length: stacks }, () => report));
      expect(text.length).toBeLessThan(65_536);
      expect(text).toContain("… and 400 more");
      expect(text).toMatch(/more lines are left out|too long to be shown here/);
      // Every fence that opens is closed.
      expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
    },
  );

  it("says in whole sentences what could not be known, and why a preview failed", () => {
    const text = renderMarkdown([
      { ...empty, unknowns: ["The stack is not deployed yet, so everything is new."] },
      buildFailedReport("other", "2 problems in the stack's settings:\n  apps[0].replicas …"),
    ]);
    expect(text).toContain(
      "**Not known**\n\n- The stack is not deployed yet, so everything is new.",
    );
    expect(text).toContain("### `other`: the preview failed\n\n```text\n2 problems");
  });

  it.each([
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["a\nb\u202ec", "`a b c`"],
    ["", "``(empty)``"],
  ])("quotes %j", (value, expected) => {
    expect(codeSpan(value)).toBe(expected);
  });

  it("fences a text that has fences in it", () => {
    expect(codeBlock("````\n", "text")).toBe("`````text\n````\n`````");
  });
});

describe("the document for programs", () => {
  it("has the same changes as plain text", () => {
    const { version, stacks } = JSON.parse(renderJson([reportOf(readPreviewText("zero"))])) as {
      version: number;
      stacks: { isRisky: boolean; changes: { subject: string; text: string; risk: string }[] }[];
    };
    expect(version).toBe(1);
    expect(stacks[0]?.isRisky).toBe(true);
    expect(stacks[0]?.changes[0]).toStrictEqual({
      subject: "shop",
      text: "2 → 0 replicas, no other container touched",
      risk: "no replica left",
    });
  });
});

describe("exit codes", () => {
  const same = reportOf(readPreviewText("same"));
  const everyday = reportOf(readPreviewText("limits"));
  const risky = reportOf(readPreviewText("zero"));
  const failed = reportOf(readPreviewText("mistakes"));
  it.each([
    [[same, everyday, risky], undefined, 0],
    [[same, everyday], "risky", 0],
    [[everyday, risky], "risky", 3],
    [[same], "changes", 0],
    [[same, everyday], "changes", 2],
    [[everyday, risky], "changes", 3],
    [[risky, failed], "risky", 1],
    [[failed], undefined, 1],
  ] as const)("case %#", (reports, gate, expected) => {
    expect(findExitCode(reports, gate)).toBe(expected);
  });
});

describe("the issue about drift", () => {
  it("says what differs, with the fix, and quotes what is foreign", () => {
    const findings = [{ subject: "shop", problem: `shop-1 ${hostile}`, fix: "pulumi up" }];
    expect(
      renderDrift([
        { stack: "a", findings: [] },
        { stack: "b", findings },
      ]),
    ).toBe(
      [
        "### `a`: is what was deployed",
        "",
        "### `b`: 1 finding",
        "",
        "- `shop`: ```shop-1 `` </details><img src=x> | @team [x](http://x)  ## heading - [ ] #1```",
        "",
        "  ```text",
        "  pulumi up",
        "  ```",
        "",
      ].join("\n"),
    );
  });

  it("fits GitHub's limit", () => {
    const finding = { subject: "s", problem: "p".repeat(3000), fix: "f" };
    const text = renderDrift([
      { stack: "a", findings: Array.from({ length: 300 }, () => finding) },
    ]);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("… and 200 more");
  });
});
