import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { SetupError } from "../setupError";
import { makeWorkFolder } from "../install/workFolder";
import { backUpParts } from "./backUpParts";
import { callersFolder } from "./callersFolder";
import { dataKinds } from "./dataParts";
import { withInterruption } from "./interruption";
import { sumSizes } from "./manifest";
import { openDeployedStack } from "./openDeployedStack";
import { renderSize } from "./renderSize";

export interface BackupOptions {
  /** Default: the stack that is selected. */
  readonly stack: string | undefined;
  /** File to write; default: `glasshouse-<stack>-<time>.tar.gz` in the folder that the command was called from. */
  readonly to: string | undefined;
}

/**
 * Writes the data of a stack's servers and apps into one file. Scrapes go on; apps with volumes are stopped for the
 * time of a copy, unless their settings say otherwise.
 */
export async function backup({ stack: stackWanted, to }: BackupOptions): Promise<void> {
  const deployed = await openDeployedStack(stackWanted);
  const defaultName = `glasshouse-${deployed.stack}-${renderTime(new Date())}.tar.gz`;
  const file = resolve(callersFolder(), to ?? defaultName);
  if (existsSync(file)) {
    throw new SetupError(
      `${file} already exists, and no backup replaces another. Name a new file.`,
    );
  }
  const workFolder = makeWorkFolder(dirname(file));
  try {
    const unfinished = join(workFolder, basename(file));
    const manifest = await withInterruption((signal) =>
      backUpParts(deployed.docker, deployed, unfinished, signal),
    );
    renameSync(unfinished, file);
    const named = [...dataKinds, ...deployed.groups.flatMap((group) => group.parts)];
    const held = named.flatMap(({ name, title }) => {
      const part = manifest.parts[name];
      if (part === undefined) return [];
      const { version, files } = part;
      const size = `${Object.keys(files).length} files, ${renderSize(sumSizes(files))}`;
      return [`the data of ${title}${version === null ? "" : ` ${version}`} (${size})`];
    });
    console.log(`\n${file} holds ${held.join(", ")} in ${renderSize(statSync(file).size)}.`);
    console.log(
      "It is readable by you alone: Grafana's data hold its users and password hashes, and apps' data what they keep.",
    );
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/** UTC, to the second, without what a file name cannot hold. */
function renderTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}
