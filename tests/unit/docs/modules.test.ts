import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import ts from "typescript";
import { projectFolder } from "../../../cli/versions";

/** What each of our modules imports of our own, types included, by path from the project's folder. */
function readImports(): Map<string, string[]> {
  const listed = execFileSync("git", ["ls-files", "*.ts", "*.mjs", "*.cjs"], {
    cwd: projectFolder,
    encoding: "utf8",
  });
  const files = listed.split("\n").filter((path) => path !== "" && existsSync(inProject(path)));
  return new Map(
    files.map((path) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(inProject(path), "utf8"));
      const own = importedFiles.filter(({ fileName }) => fileName.startsWith("."));
      return [path, own.flatMap(({ fileName }) => findFile(files, join(path, "..", fileName)))];
    }),
  );
}

function inProject(path: string): string {
  return join(projectFolder, path);
}

function findFile(files: readonly string[], path: string): string[] {
  const names = ["", ".ts", ".mjs", ".cjs"].map((ending) => normalize(path) + ending);
  return files.filter((file) => names.includes(file));
}

/** The modules of a circle, the first one again at its end; empty if there is none. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const follow = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of imports.get(path) ?? []) {
      const circle = follow(next, [...trail, path]);
      if (circle.length > 0) return circle;
    }
    done.add(path);
    return [];
  };
  for (const path of imports.keys()) {
    const circle = follow(path, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe("our modules", () => {
  const imports = readImports();

  it("import each other in no circle, also not for types", () => {
    expect(findCircle(imports)).toStrictEqual([]);
  });

  it("are found with what they import", () => {
    expect(imports.get("index.ts")).toContain("components/checkHost.ts");
    // As a type only, which `import()` names.
    expect(imports.get("components/grafana.ts")).toContain("config/grafana/grafanaFiles.ts");
    expect(imports.get("components/shared/deployment.ts")).toContain(
      "components/shared/dataLoss.ts",
    );
  });

  it("would be told of a circle by the modules in it", () => {
    const circle = new Map([
      ["a", ["b", "c"]],
      ["b", []],
      ["c", ["d"]],
      ["d", ["c"]],
    ]);
    expect(findCircle(circle)).toStrictEqual(["c", "d", "c"]);
  });
});
