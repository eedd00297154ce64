import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
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

  it("loads late what it imports late, with what is constant and with what is computed", () => {
    write(
      "main.ts",
      'async function main() {\n  const { two } = await import("./lib");\n  const name = "lib";\n' +
        "  const { two: again } = await import(`./${name}`);\n  console.log(two + again);\n}\nvoid main();",
    );
    write("lib.ts", "export const two: number = 2;");
    expect(runFile("main.ts")).toBe(4);
  });

  it("is told what is wrong by the names and lines of its own files", () => {
    write(
      "main.ts",
      'import { fail } from "./lib";\ntry {\n  // A comment\n  fail(1);\n} catch (e) {\n' +
        "  console.log(JSON.stringify((e as Error).stack));\n}",
    );
    write(
      "lib.ts",
      'interface Gone {\n  x: number;\n}\nexport function fail(x: Gone["x"]): never {\n  throw new Error(`no ${x}`);\n}',
    );
    // Read twice: what was kept has the same lines.
    for (let start = 0; start < 2; start++) {
      expect(runFile("main.ts")).toMatch(/^Error: no 1\n.*lib\.ts:5:9\)\n.*main\.ts:4:3\)/);
    }
  });

  it("is told where it is no TypeScript", () => {
    write("main.ts", "const x: number = ;");
    expect(() => runFile("main.ts")).toThrow(/main\.ts:1:18: ERROR: Unexpected ";"/);
  });

  it("runs in several processes at once that all translate it", async () => {
    write("main.ts", 'import { two } from "./lib";\nconsole.log(two);');
    write("lib.ts", `export const two: number = 2;\n${"// long\n".repeat(50_000)}`);
    const [node = "", ...flags] = typeScriptCommand;
    const run = promisify(execFile);
    const runs = Array.from({ length: 6 }, () => run(node, [...flags, join(folder, "main.ts")]));
    expect((await Promise.all(runs)).map(({ stdout }) => stdout)).toEqual(Array(6).fill("2\n"));
  });
});
