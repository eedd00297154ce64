import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../../cli/versions";
import { resourceNames } from "../../../resources/types";

const text = readFileSync(join(projectFolder, "docs", "architecture.md"), "utf8");

/** The rows of the table that has this heading in its first column: cells by the name in the first one. */
function readTable(heading: string): Map<string, string[]> {
  const [, table = ""] =
    new RegExp(`^\\| ${heading} .*\\n\\| -.*\\n((\\|.*\\n)+)`, "m").exec(text) ?? [];
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.split("|").map((cell) => cell.trim()));
  return new Map(rows.map(([, name = "", ...cells]) => [name.replace(/[`/]/g, ""), cells]));
}

/** `rooms` of the linter's configuration, which is an ES module. */
function readRooms(): Record<string, { may: string[] }> {
  const script = 'import { rooms } from "./eslint.config.mjs"; console.log(JSON.stringify(rooms));';
  const flags = ["--input-type=module", "--eval", script];
  return JSON.parse(
    execFileSync(process.execPath, flags, { cwd: projectFolder, encoding: "utf8" }),
  ) as Record<string, { may: string[] }>;
}

describe("docs/architecture.md", () => {
  it("has a row for each folder that the linter knows, with what it may import", () => {
    const rows = readTable("folder");
    const documented = Object.keys(readRooms()).map((room) => [room, rows.get(room)?.[1]]);
    expect(documented).toStrictEqual(
      Object.entries(readRooms()).map(([room, { may }]) => [room, may.join(", ") || "itself"]),
    );
  });

  it("has a row for each resource of our own", () => {
    expect([...readTable("resource").keys()].sort()).toStrictEqual([...resourceNames].sort());
  });
});
