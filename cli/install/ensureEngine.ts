import { existsSync } from "node:fs";
import { startEngineDirectly } from "../../host/daemon/directEngine";
import { buildEngineLocation } from "../../host/daemon/engineLocation";
import { pingEngine, waitForEngine } from "../../host/daemon/engineProbe";
import { canInstallPackages, installPackages, readOsRelease } from "./installPackages";
import { asRoot, runOrReject } from "../run";
import { SetupError } from "../setupError";
import { showStep } from "../showStep";

/** What has to happen until an engine answers. */
export type EnginePlan = "answers" | "start" | "install";

/** Docker's package of the distribution, and what it needs but only recommends. */
const packages = { dockerd: "docker.io", iptables: "iptables" };
/** Newer releases have the command line in a package of its own. */
const commandLinePackage = { docker: "docker-cli" };

const location = buildEngineLocation({ waitSeconds: 90 });

/**
 * Looks at the machine; changes nothing.
 *
 * @throws SetupError where no engine runs and none can be installed from here
 */
export async function planEngine(): Promise<EnginePlan> {
  const problem = await pingEngine(location);
  if (problem === undefined) return "answers";
  if (/EACCES|permission denied/i.test(problem)) {
    throw new SetupError(
      `A Docker Engine runs, but this user may not talk to it (${location.socketPath}). ` +
        "Add the user to the group `docker` (`sudo usermod -aG docker $USER`), log in again, and run the command again.",
    );
  }
  if (process.platform !== "linux") {
    throw new SetupError(
      "No Docker Engine answers. Install Docker Desktop (https://docs.docker.com/get-started/get-docker/), start it, " +
        "and run the command again.",
    );
  }
  const installed = existsSync("/usr/sbin/dockerd") || existsSync("/usr/bin/dockerd");
  if (!(await canInstallPackages())) {
    throw new SetupError(
      installed
        ? "Docker is installed but not running. Start it as root (`systemctl start docker`) and run the command again."
        : "No Docker Engine answers, and this user may not install one here " +
            `(${/^PRETTY_NAME="?(.*?)"?$/m.exec(readOsRelease())?.[1] ?? "unknown distribution"}). ` +
            "Install Docker Engine (https://docs.docker.com/engine/install/) or run this command as root, then run it again.",
    );
  }
  return installed ? "start" : "install";
}

export async function ensureEngine(plan: EnginePlan): Promise<void> {
  if (plan === "answers") return;
  await installPackages(packages);
  await installPackages(commandLinePackage);
  // The package's own script may have started it.
  if ((await pingEngine(location)) === undefined) return;
  await showStep("Starting the Docker Engine", async () => {
    if (existsSync("/run/systemd/system")) {
      await runOrReject(asRoot(["systemctl", "enable", "--now", "docker"]));
      await waitForEngine(location);
    } else {
      await startEngineDirectly(location);
    }
  });
}
