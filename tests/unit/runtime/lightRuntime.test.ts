import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../../../cli/versions";

interface ProjectFile {
  readonly runtime: { readonly options: { readonly nodeargs: string } };
}

const isLoaded = (module: string) =>
  `Object.keys(require.cache).some((path) => path.includes("/node_modules/${module}/"))`;

/** Runs a script as Pulumi's language host runs the program. */
function runAsProgram(script: string, env: Readonly<Record<string, string>> = {}): unknown {
  const { runtime } = parse(readFileSync(`${projectFolder}/Pulumi.yaml`, "utf8")) as ProjectFile;
  return runNode(runtime.options.nodeargs.split(" "), script, env);
}

function runNode(
  flags: readonly string[],
  script: string,
  env: Readonly<Record<string, string>> = {},
): unknown {
  const output = execFileSync(process.execPath, [...flags, "--eval", script], {
    cwd: projectFolder,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return JSON.parse(output);
}

it("starts Pulumi's runtime and the program without what only some use", () => {
  const modules = [
    "typescript",
    "@npmcli/arborist",
    "execa",
    "@grafana/grafana-foundation-sdk",
    "@opentelemetry/sdk-trace-node",
  ];
  const ours = `Object.keys(require.cache).filter((path) =>
    ["grafanaFiles.ts", "daemonSettings.ts"].some((name) => path.endsWith("/" + name)))`;
  const script = `
    require("@pulumi/pulumi/cmd/run/instrumentation");
    require("./index.ts");
    console.log(JSON.stringify([${modules.map(isLoaded).join()}, ...${ours}]));`;
  expect(runAsProgram(script)).toStrictEqual(modules.map(() => false));
});

it("names only modules that are asked for under that name", () => {
  const script = `
    const Module = require("node:module");
    const { types } = require("node:util");
    const load = Module._load;
    const asked = [];
    Module._load = (request, parent, isMain) => {
      const loaded = load(request, parent, isMain);
      if (types.isProxy(loaded)) asked.push(request);
      return loaded;
    };
    require("@pulumi/pulumi");
    require("./index.ts");
    require("dockerode");
    require("@pulumi/pulumi/runtime/manifest");
    require("@pulumi/pulumi/runtime").computeCodePaths({ extraIncludePackages: [] }).then(() =>
      console.log(JSON.stringify([...new Set(asked)].sort())));`;
  const asked = runAsProgram(script) as string[];
  expect(asked).toStrictEqual(
    expect.arrayContaining([
      "../locales/index.cjs",
      "./automation",
      "./session",
      "./ssh",
      "@npmcli/arborist",
      "typescript",
    ]),
  );
});

it("keeps stack traces in the terms of our own files", () => {
  const script = `
    const { rejectMissingStackFile } = require("./cli/stackFiles.ts");
    try {
      rejectMissingStackFile("nowhere");
    } catch (error) {
      console.log(JSON.stringify(error.stack.split("\\n").find((line) => line.includes("stackFiles.ts"))));
    }`;
  const line = Number(/stackFiles\.ts:(\d+)/.exec(String(runAsProgram(script)))?.[1]);
  const source = readFileSync(`${projectFolder}/cli/stackFiles.ts`, "utf8").split("\n");
  expect(source[line - 1]).toContain("throw new SetupError");
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

it("lets the runtime send spans where that is asked for", () => {
  const script = `
    const tracing = require("@pulumi/pulumi/cmd/run/tracing");
    const before = ${isLoaded("@opentelemetry/exporter-zipkin")};
    tracing.start("http://127.0.0.1:9/api/v2/spans");
    const isRecording = tracing.newSpan("test").isRecording();
    console.log(JSON.stringify([before, ${isLoaded("@opentelemetry/exporter-zipkin")}, isRecording]));
    process.exit();`;
  expect(runAsProgram(script)).toStrictEqual([false, true, true]);
});

it("notes down no stack trace for a promise, unless that is asked for", () => {
  const script = `
    require("@pulumi/pulumi");
    const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
    const promise = Promise.resolve(1);
    debuggablePromise(promise, "test");
    const stack = new Error("x").stack.includes("at ");
    console.log(JSON.stringify([promise._debugCtx, promise._debugStackTrace, stack]));`;
  expect(runAsProgram(script)).toStrictEqual(["test", expect.stringMatching(/^Error:? ?$/), true]);
  const [, trace] = runAsProgram(script, { PULUMI_DEBUG_PROMISE_LEAKS: "true" }) as string[];
  expect(trace).toMatch(/\n\s+at /);
});

it("changes nothing with a version of Pulumi other than the one it was tried with", () => {
  mkdirSync(join(projectFolder, ".glasshouse"), { recursive: true });
  const folder = mkdtempSync(join(projectFolder, ".glasshouse", "light-"));
  try {
    const pulumi = join(folder, "node_modules", "@pulumi", "pulumi");
    mkdirSync(pulumi, { recursive: true });
    writeFileSync(join(pulumi, "package.json"), JSON.stringify({ version: "3.999.0" }));
    const ours = join(projectFolder, "runtime", "lightRuntime.ts");
    const copy = join(folder, "lightRuntime.ts");
    copyFileSync(ours, copy);
    const isChanged = (path: string) => `
      const Module = require("node:module");
      const before = Module._load;
      require(${JSON.stringify(path)});
      console.log(JSON.stringify(Module._load !== before));`;
    const flags = ["--require", "./runtime/loadTypeScript.cjs"];
    expect(runNode(flags, isChanged(copy))).toBe(false);
    expect(runNode(flags, isChanged(ours))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("leaves everybody else's `require` alone", () => {
  const script = `
    const typescript = require("typescript");
    console.log(JSON.stringify([typeof typescript, ${isLoaded("typescript")}]));`;
  expect(runAsProgram(script)).toStrictEqual(["object", true]);
});
