import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../cli/versions";

/** The faults that the tests record, in whatever order their files are read. */
function listRecorded(): string[] {
  const texts = ["faults", "long"].flatMap((suite) => {
    const folder = join(projectFolder, "tests", suite);
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  });
  return texts.flatMap((text) =>
    [...text.matchAll(/\bfault:\s+(?:how === "\w+" \? )?"([^"]+)"(?: : "([^"]+)")?/g)]
      .flatMap(([, first, second]) => [first, second])
      .filter((fault) => fault !== undefined),
  );
}

/** The first column of the table in docs/faults.md. */
function listDocumented(): string[] {
  const text = readFileSync(join(projectFolder, "docs", "faults.md"), "utf8");
  const [table = ""] = text.split("<!-- prettier-ignore-end -->");
  const rows = table.split("\n").filter((line) => line.startsWith("| "));
  return rows
    .map((row) => row.split("|")[1]!.trim())
    .filter((cell) => cell !== "fault" && !/^-+$/.test(cell));
}

describe("docs/faults.md", () => {
  it("lists the faults that the tests make happen, and no others", () => {
    const recorded = listRecorded();
    expect(recorded.length).toBeGreaterThan(20);
    expect(listDocumented().sort()).toStrictEqual(recorded.sort());
  });

  it("lists none twice", () => {
    const documented = listDocumented();
    expect(new Set(documented).size).toBe(documented.length);
  });
});
