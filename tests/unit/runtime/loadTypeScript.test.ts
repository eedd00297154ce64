import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { typeScriptCommand } from "../../../cli/install/typeScriptCommand";
import { projectFolder } from "../../../cli/versions";

// Within the project, so that its dependencies are found from there.
let folder: string;

beforeEach(() => {
  mkdirSync(join(projectFolder, ".glasshouse"), { recursive: true });
  folder = mkdtempSync(join(projectFolder, ".glasshouse", "load-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function runFile(path: string): unknown {
  const [, ...flags] = typeScriptCommand;
  return JSON.parse(
    execFileSync(process.execPath, [...flags, join(folder, path)], { encoding: "utf8" }),
  );
}

describe("a program in TypeScript", () => {
  it("is run with the files that it imports, whatever their ending", () => {
    write(
      "main.ts",
      'import { two } from "./lib";\nimport { three } from "./old";\nconst sum: number = two + three;\nconsole.log(sum);',
    );
    write("lib.ts", "export const two: number = 2;");
    write("old.js", "exports.three = 3;");
    expect(runFile("main.ts")).toBe(5);
  });

  it("loads at its next start what was changed", () => {
    write("main.ts", 'import { value } from "./lib";\nconsole.log(value);');
    for (const value of [1, 2]) {
      write("lib.ts", `export const value: number = ${value};`);
      expect(runFile("main.ts")).toBe(value);
    }
  });

  it("is told what is wrong by the names and lines of its own files", () => {
    write(
      "main.ts",
      'try {\n  // A type that is stripped\n  const x: number = 1;\n  throw new Error("no");\n} catch (e) {\n  console.log(JSON.stringify((e as Error).stack));\n}',
    );
    expect(runFile("main.ts")).toMatch(/main\.ts:4:/);
  });
});
