import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { projectFolder } from "../../../setup/versions";

interface ProjectFile {
  readonly runtime: { readonly options: { readonly nodeargs: string } };
}

const isLoaded = (module: string) =>
  `Object.keys(require.cache).some((path) => path.includes("/node_modules/${module}/"))`;

/** Runs a script as Pulumi's language host runs the program. */
function runAsProgram(script: string): unknown {
  const { runtime } = parse(readFileSync(`${projectFolder}/Pulumi.yaml`, "utf8")) as ProjectFile;
  const flags = runtime.options.nodeargs.split(" ");
  const output = execFileSync(process.execPath, [...flags, "--eval", script], {
    cwd: projectFolder,
    encoding: "utf8",
  });
  return JSON.parse(output);
}

it("starts Pulumi's runtime without the compiler and Arborist", () => {
  const script = `
    require("@pulumi/pulumi");
    console.log(JSON.stringify([${isLoaded("typescript")}, ${isLoaded("@npmcli/arborist")}]));`;
  expect(runAsProgram(script)).toStrictEqual([false, false]);
});

it("loads them for whoever uses them", () => {
  const script = `
    const pulumi = require("@pulumi/pulumi");
    pulumi.runtime.serializeFunction(() => 42).then(async ({ text }) => {
      const paths = await pulumi.runtime.computeCodePaths({ extraIncludePackages: [] });
      console.log(JSON.stringify([text.includes("42"), paths.size > 0]));
    });`;
  expect(runAsProgram(script)).toStrictEqual([true, true]);
});

it("leaves everybody else's `require` alone", () => {
  const script = `
    const typescript = require("typescript");
    console.log(JSON.stringify([typeof typescript, ${isLoaded("typescript")}]));`;
  expect(runAsProgram(script)).toStrictEqual(["object", true]);
});
