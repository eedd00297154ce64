import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { pulumiHome } from "./pulumiHome";
import { listShellVariables, type PulumiSession } from "../pulumiSession";
import { projectFolder } from "../versions";

const launcher = join(projectFolder, "cli", "install", "pulumi-launcher.sh");

/** Where a `pulumi` command would be put: nowhere if there is one, or if no folder of the PATH may be written to. */
export function planLauncher(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const present = folders.map((folder) => join(folder, "pulumi")).find((file) => existsSync(file));
  if (present !== undefined) return isOurs(present) ? present : undefined;
  const wanted = ["/usr/local/bin", join(homedir(), ".local", "bin"), join(homedir(), "bin")];
  const folder = wanted.find((candidate) => folders.includes(candidate) && isWritable(candidate));
  return folder === undefined ? undefined : join(folder, "pulumi");
}

/**
 * Makes plain `pulumi` work in this checkout.
 *
 * @returns the line that a shell needs first, or undefined when it needs none
 */
export function installLauncher(session: PulumiSession): string | undefined {
  const lines = listShellVariables(session).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(projectFolder, ".glasshouse", "env"), lines.join(""), { mode: 0o600 });
  const link = join(pulumiHome, "glasshouse-pulumi");
  rmSync(link, { force: true });
  symlinkSync(session.program, link);

  const place = planLauncher();
  if (place === undefined) return 'eval "$(npm run --silent env)"';
  if (!isOurs(place)) {
    copyFileSync(launcher, place);
    chmodSync(place, 0o755);
  }
  return undefined;
}

function isOurs(file: string): boolean {
  return existsSync(file) && readFileSync(file).equals(readFileSync(launcher));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
