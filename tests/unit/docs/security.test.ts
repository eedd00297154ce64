import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listPublishedPorts } from "../../../config/publishedPorts";
import { buildSettings } from "../support/testSettings";

const root = join(__dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const text = read("docs/security.md");

/** The checks of the benchmark's sections 4 and 5. */
const checks = [
  ...Array.from({ length: 12 }, (_, index) => `4.${index + 1}`),
  ...Array.from({ length: 32 }, (_, index) => `5.${index + 1}`),
];

const rows = text
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, check = ""]) => /^[45]\.\d+ /.test(check))
  .map(([, check = "", result, why = ""]) => ({ check, result, why }));

/** Tests by the name that the text gives them, each with its file: links whose target is a test. */
const citations = [...text.matchAll(/\[([^\]]+)\]\(\.\.\/(tests\/[^)]+\.ts)\)/g)].map(
  ([, name = "", file = ""]) => ({ name, file }),
);

describe("docs/security.md", () => {
  it.each(citations)("cites a test that there is: $name ($file)", ({ name, file }) => {
    expect(findTestNames(read(file))).toContain(name);
  });

  it("has a line for each check of the benchmark's sections 4 and 5", () => {
    expect(rows.map(({ check }) => check.split(" ")[0])).toStrictEqual(checks);
  });

  it("says of each check that it is passed, with a test, or why it is not", () => {
    for (const { result, why } of rows) {
      expect(["passed", "not passed", "not applicable"]).toContain(result);
      expect(why).toMatch(result === "passed" ? /\]\(\.\.\/tests\// : /\w{3}/);
    }
  });

  it("names every address that the stack listens on by default", () => {
    const settings = buildSettings();
    const published = listPublishedPorts(settings, { isLeftOut: () => false });
    expect(published).toHaveLength(4);
    for (const { address, port } of published) expect(text).toContain(`| \`${address}:${port}\``);
    expect(text).toContain(`| \`${settings.engineMetrics.address}\``);
  });

  it("stands in the README", () => {
    expect(read("README.md")).toContain("(docs/security.md)");
  });
});

describe("the stack's default settings", () => {
  it("takes no privileged port of the host", () => {
    const published = listPublishedPorts(buildSettings(), { isLeftOut: () => false });
    expect(published.filter(({ port }) => port < 1024)).toStrictEqual([]);
  });
});

/** Names of tests as they are written; of a table of cases the name's beginning, with each case that is a key. */
function findTestNames(source: string): string[] {
  const names = [...source.matchAll(/\bit\(\s*"((?:[^"\\]|\\.)+)"/g)].map(([, name = ""]) => name);
  const keys = [...source.matchAll(/^\s+"([^"]+)": (?:async )?\(\)/gm)].map(([, key = ""]) => key);
  const tables = [...source.matchAll(/\bit\.each\([^\n]*\)\("([^"]+) %s"/g)].map(
    ([, start = ""]) => start,
  );
  return [...names, ...tables.flatMap((start) => keys.map((key) => `${start} ${key}`))];
}
