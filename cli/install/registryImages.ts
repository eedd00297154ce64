import { existsSync } from "node:fs";
import { join } from "node:path";
import { type DockerHost, localDockerHost } from "../../host/access/dockerHost";
import { cacheFolder } from "./cacheFolder";
import { installPackages } from "./installPackages";
import { asRoot, run, runOrReject } from "../run";
import { showStep } from "../showStep";
import { buildDockerEnvironment } from "../stackHost";
import { projectFolder } from "../versions";
import { makeWorkFolder } from "./workFolder";

/** Images that a network without image registries gets from packages, under the names by which stack files call them. */
export const registryImages = {
  base: "glasshouse/debian:trixie",
  prometheus: "glasshouse/prometheus:3-debian",
  nodeExporter: "glasshouse/node-exporter:1-debian",
  blackboxExporter: "glasshouse/blackbox-exporter:0.28-debian",
  alertmanager: "glasshouse/alertmanager:0.33-debian",
  haproxy: "glasshouse/haproxy:3-debian",
  caddy: "glasshouse/caddy:2-debian",
  cadvisor: "glasshouse/cadvisor:0.60-debian",
  go: "glasshouse/go:trixie",
} as const;

/** How an image is made: a folder of `from-source/images`, and the part of its Dockerfile that is meant. */
interface Recipe {
  readonly title: string;
  readonly folder: string;
  readonly target?: string;
}

const recipes: Readonly<Record<string, Recipe>> = {
  [registryImages.prometheus]: { title: "Prometheus", folder: "prometheus" },
  [registryImages.nodeExporter]: server("node-exporter"),
  [registryImages.blackboxExporter]: server("blackbox-exporter"),
  [registryImages.alertmanager]: server("alertmanager"),
  [registryImages.haproxy]: server("haproxy"),
  [registryImages.caddy]: server("caddy"),
};

/** Servers that share one layer of packages: the first of them pays for all. */
function server(target: string): Recipe {
  return { title: target, folder: "servers", target };
}

/** What is built here and not downloaded. */
export const sources = join(projectFolder, "cli", "install", "from-source");
const debianRelease = "trixie";
const machineCertificates = "/usr/local/share/ca-certificates";

/** Those of our images that a stack file names, after the one that all of them are made from. */
export function listNamedImages(stackFile: string): string[] {
  const named = Object.values(registryImages).filter((name) => stackFile.includes(name));
  return named.length === 0 ? [] : [...new Set([registryImages.base, ...named])];
}

/** @returns those of the images that an engine does not hold yet */
export async function findMissingRegistryImages(
  names: readonly string[],
  dockerHost = localDockerHost,
): Promise<string[]> {
  const missing = await Promise.all(
    names.map(async (name) => ((await isHeld(name, dockerHost)) ? [] : [name])),
  );
  return missing.flat();
}

/** Makes images of packages where they are missing: this machine brings the files, the engine builds. */
export async function ensureRegistryImages(
  names: readonly string[],
  dockerHost = localDockerHost,
): Promise<void> {
  await ensureBaseImage(dockerHost);
  for (const name of names) {
    const recipe = recipes[name];
    if (recipe !== undefined) await ensureBuilt(name, recipe, dockerHost);
  }
}

/** Go for machines without one. */
export async function ensureGoImage(): Promise<string> {
  await ensureBaseImage();
  await ensureBuilt(registryImages.go, { title: "Go", folder: "go" });
  return registryImages.go;
}

async function ensureBaseImage(dockerHost = localDockerHost): Promise<void> {
  if (await isHeld(registryImages.base, dockerHost)) return;
  await installPackages({ debootstrap: "debootstrap" });
  const raw = `${registryImages.base}-raw`;
  await showStep("Making a Debian base image with debootstrap (1 to 3 minutes)", async () => {
    const work = makeWorkFolder(cacheFolder());
    const rootfs = join(work, "rootfs");
    try {
      await runOrReject(asRoot(["debootstrap", "--variant=minbase", debianRelease, rootfs]));
      await runOrReject(
        asRoot([
          "sh",
          "-c",
          'rm -rf "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*',
          "sh",
          rootfs,
        ]),
      );
      if (existsSync(machineCertificates)) {
        await runOrReject(asRoot(["mkdir", "-p", `${rootfs}${machineCertificates}`]));
        await runOrReject(
          asRoot(["cp", "-rL", `${machineCertificates}/.`, `${rootfs}${machineCertificates}`]),
        );
      }
      const archive = join(work, "rootfs.tar");
      await runOrReject(asRoot(["tar", "-C", rootfs, "-cf", archive, "."]));
      await runDocker(["import", archive, raw], dockerHost);
    } finally {
      await run(asRoot(["rm", "-rf", work]));
    }
  });
  await buildFrom(
    registryImages.base,
    join(sources, "images", "base"),
    raw,
    "Completing the base image",
    dockerHost,
  );
}

async function ensureBuilt(
  name: string,
  { title, folder, target }: Recipe,
  dockerHost = localDockerHost,
): Promise<void> {
  if (await isHeld(name, dockerHost)) return;
  const context = join(sources, "images", folder);
  const step = `Building an image of ${title} from Debian's packages`;
  await buildFrom(name, context, registryImages.base, step, dockerHost, target);
}

/** Builds an image from a folder of this machine. */
export async function buildFrom(
  name: string,
  context: string,
  from: string,
  title: string,
  dockerHost = localDockerHost,
  target?: string,
): Promise<void> {
  const command = ["build", "--force-rm", "--build-arg", `BASE_IMAGE=${from}`, "--tag", name];
  const part = target === undefined ? [] : ["--target", target];
  await showStep(title, () => runDocker([...command, ...part, context], dockerHost));
}

export async function isHeld(name: string, dockerHost = localDockerHost): Promise<boolean> {
  const env = buildDockerEnvironment(dockerHost);
  return (await run(["docker", "image", "inspect", name], { env })).exitCode === 0;
}

function runDocker(command: readonly string[], dockerHost: DockerHost): Promise<string> {
  return runOrReject(["docker", ...command], { env: buildDockerEnvironment(dockerHost) });
}
