import { existsSync, readFileSync } from "node:fs";
import { asRoot, run, runOrReject } from "../run";
import { SetupError } from "../setupError";
import { showStep } from "../showStep";

/** Whether this machine takes packages from apt, by this user. */
export async function canInstallPackages(): Promise<boolean> {
  if (!existsSync("/usr/bin/apt-get") || !/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readOsRelease()))
    return false;
  return (await run(asRoot(["true"]))).exitCode === 0;
}

/**
 * Installs those of the distribution's packages whose program is not there yet.
 *
 * @param packages name of the package, by the program that it brings
 */
export async function installPackages(packages: Readonly<Record<string, string>>): Promise<void> {
  const missing: string[] = [];
  for (const [program, name] of Object.entries(packages)) {
    if (!(await isInstalled(program))) missing.push(name);
  }
  if (missing.length === 0) return;
  const names = missing.join(" ");
  if (!(await canInstallPackages())) {
    throw new SetupError(
      `These packages are missing, and may not be installed from here: ${names}. Install them and run the command again.`,
    );
  }
  await showStep(`Installing ${names} from the distribution's packages`, async () => {
    const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    // A killed installation leaves packages half set up; this finishes them and does nothing otherwise.
    await runOrReject(asRoot(["dpkg", "--configure", "-a"]));
    await runOrReject(asRoot([...apt, "update"]));
    await runOrReject(asRoot([...apt, "install", "--yes", "--no-install-recommends", ...missing]));
  });
}

async function isInstalled(program: string): Promise<boolean> {
  // Some of these lie in folders that only root has on its PATH.
  const folders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];
  if (folders.some((folder) => existsSync(`${folder}/${program}`))) return true;
  return (await run(["sh", "-c", 'command -v "$1"', "sh", program])).exitCode === 0;
}

export function readOsRelease(): string {
  return existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
}
