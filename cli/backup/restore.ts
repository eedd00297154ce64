import { resolve } from "node:path";
import { SetupError } from "../setupError";
import { showStep } from "../showStep";
import { callersFolder } from "./callersFolder";
import { dataKinds } from "./dataParts";
import { withInterruption } from "./interruption";
import { openDeployedStack } from "./openDeployedStack";
import { checkArchive } from "./readArchive";
import { restoreParts } from "./restoreParts";

export interface RestoreOptions {
  /** The stack whose data are replaced; default: the stack that is selected. */
  readonly stack: string | undefined;
  /** File that `npm run backup` wrote, of this stack or of another. */
  readonly from: string | undefined;
}

/** Replaces the data of a stack's Prometheus and Grafana by those of a backup. */
export async function restore({ stack: stackWanted, from }: RestoreOptions): Promise<void> {
  if (from === undefined)
    throw new SetupError("Name the backup: `npm run restore -- --from FILE`.");
  const file = resolve(callersFolder(), from);
  const { docker, stack, parts } = await openDeployedStack(stackWanted);
  await withInterruption(async (signal) => {
    const manifest = await showStep(`Checking ${file}`, () => checkArchive(file, signal));
    const restorable = parts.filter(({ kind }) => kind.name in manifest.parts);
    if (restorable.length === 0) {
      throw new SetupError(
        `The stack ${stack} has no server whose data ${file} holds. Nothing was touched.`,
      );
    }
    console.log(`  It was made from the stack ${manifest.stack} on ${manifest.createdAt}.`);
    for (const { name, title } of dataKinds) {
      const isDeployed = parts.some(({ kind }) => kind.name === name);
      const isHeld = name in manifest.parts;
      if (isHeld && !isDeployed)
        console.log(`  This stack has no ${title}: its data are left out.`);
      if (!isHeld && isDeployed)
        console.log(`  It holds no data of ${title}: ${title} stays as it is.`);
    }
    await restoreParts(docker, restorable, file, manifest, signal);
    const titles = restorable.map(({ kind }) => kind.title).join(" and ");
    console.log(`\n${titles} of the stack ${stack} run with the data from ${manifest.createdAt}.`);
  });
}
