import { existsSync } from "node:fs";
import { join } from "node:path";
import { localDockerHost } from "../../host/access/dockerHost";
import { cacheFolder } from "./cacheFolder";
import { installPackages } from "./installPackages";
import { asRoot, run, runOrReject } from "../run";
import { showStep } from "../showStep";
import { buildDockerEnvironment } from "../stackHost";
import { projectFolder } from "../versions";
import { makeWorkFolder } from "./workFolder";

/** Images that a network without image registries gets from packages; `Pulumi.offline.yaml` names the first two. */
export const registryImages = {
  base: "glasshouse/debian:trixie",
  prometheus: "glasshouse/prometheus:3-debian",
  go: "glasshouse/go:trixie",
} as const;

const debianRelease = "trixie";
const machineCertificates = "/usr/local/share/ca-certificates";

/** The images of `Pulumi.offline.yaml` that an engine does not hold yet. */
export async function findMissingRegistryImages(dockerHost = localDockerHost): Promise<string[]> {
  const names = [registryImages.base, registryImages.prometheus];
  const missing = await Promise.all(
    names.map(async (name) => ((await isHeld(name, dockerHost)) ? [] : [name])),
  );
  return missing.flat();
}

/** Makes them where they are missing: this machine brings the files, the engine builds. */
export async function ensureRegistryImages(dockerHost = localDockerHost): Promise<void> {
  await ensureBaseImage(dockerHost);
  await ensureBuilt(
    registryImages.prometheus,
    "prometheus",
    "Building a Prometheus image from Debian's packages",
    dockerHost,
  );
}

/** Go for machines without one. */
export async function ensureGoImage(): Promise<string> {
  await ensureBaseImage();
  await ensureBuilt(registryImages.go, "go", "Building an image with Debian's Go");
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
          'rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*',
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
  await build(registryImages.base, "base", raw, "Completing the base image", dockerHost);
}

async function ensureBuilt(
  name: string,
  folder: string,
  title: string,
  dockerHost = localDockerHost,
): Promise<void> {
  if (await isHeld(name, dockerHost)) return;
  await build(name, folder, registryImages.base, title, dockerHost);
}

async function build(
  name: string,
  folder: string,
  from: string,
  title: string,
  dockerHost = localDockerHost,
): Promise<void> {
  const context = join(projectFolder, "cli", "install", "from-source", "images", folder);
  const command = ["build", "--force-rm", "--build-arg", `BASE_IMAGE=${from}`, "--tag", name];
  await showStep(title, () => runDocker([...command, context], dockerHost));
}

async function isHeld(name: string, dockerHost = localDockerHost): Promise<boolean> {
  const env = buildDockerEnvironment(dockerHost);
  return (await run(["docker", "image", "inspect", name], { env })).exitCode === 0;
}

function runDocker(command: readonly string[], dockerHost: string): Promise<string> {
  return runOrReject(["docker", ...command], { env: buildDockerEnvironment(dockerHost) });
}
