import { copyFileSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cacheFolder } from "./cacheFolder";
import { goSettings } from "./goSettings";
import { ensureGoImage } from "./registryImages";
import { run, runOrReject } from "../run";

export interface GoBuild {
  /** Folder with go.mod. */
  readonly module: string;
  /** Package to build, from inside the module. */
  readonly packagePath: string;
  /** File to write. */
  readonly output: string;
  /** Values of string variables, set at link time. */
  readonly variables: Readonly<Record<string, string>>;
}

/** From here on Go downloads the toolchain that a module asks for by itself. */
const oldestGoMinor = 21;

/** Builds a Go program: with the machine's Go where there is one, else in a container with the distribution's. */
export async function buildGo(build: GoBuild): Promise<void> {
  const flags = Object.entries(build.variables).map(([name, value]) => `-X ${name}=${value}`);
  const command = (output: string) => [
    "go",
    "build",
    "-trimpath",
    "-buildvcs=false",
    "-ldflags",
    ["-s", "-w", ...flags].join(" "),
    "-o",
    output,
    build.packagePath,
  ];
  const environment = { CGO_ENABLED: "0", GOTOOLCHAIN: "auto", GOFLAGS: "" };
  if (await hasGo()) {
    await runOrReject(command(build.output), { cwd: build.module, env: environment });
    return;
  }
  const image = await ensureGoImage();
  // Kept between builds, so that a killed one goes on where it was and the plugins share what they have in common.
  const cache = cacheFolder("go");
  const built = join(cacheFolder("go-out"), basename(build.output));
  const settings = goSettings.flatMap((name) =>
    process.env[name] === undefined ? [] : ["--env", name],
  );
  await runOrReject([
    "docker",
    "run",
    "--rm",
    "--name",
    `glasshouse-go-build-${process.pid}`,
    ...Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...settings,
    "--env",
    "GOPATH=/cache/path",
    "--env",
    "GOCACHE=/cache/build",
    "--volume",
    `${cache}:/cache`,
    "--volume",
    `${dirname(built)}:/out`,
    "--volume",
    `${build.module}:/module:ro`,
    "--workdir",
    "/module",
    image,
    ...command(`/out/${basename(built)}`),
  ]);
  mkdirSync(dirname(build.output), { recursive: true });
  copyFileSync(built, build.output);
}

async function hasGo(): Promise<boolean> {
  const { exitCode, stdout } = await run(["go", "env", "GOVERSION"]);
  const minor = Number(/^go1\.(\d+)/.exec(stdout)?.[1] ?? 0);
  return exitCode === 0 && minor >= oldestGoMinor;
}
