import { resolve } from "node:path";
import { SetupError } from "../setupError";
import { showStep } from "../showStep";
import { callersFolder } from "./callersFolder";
import { dataKinds, type StackData } from "./dataParts";
import { withInterruption } from "./interruption";
import type { Manifest } from "./manifest";
import { openDeployedStack } from "./openDeployedStack";
import { checkArchive } from "./readArchive";
import { restoreParts } from "./restoreParts";

export interface RestoreOptions {
  /** The stack whose data are replaced; default: the stack that is selected. */
  readonly stack: string | undefined;
  /** File that `npm run backup` wrote, of this stack or of another. */
  readonly from: string | undefined;
}

/** Replaces the data of a stack's servers and apps by those of a backup. */
export async function restore({ stack: stackWanted, from }: RestoreOptions): Promise<void> {
  if (from === undefined)
    throw new SetupError("Name the backup: `npm run restore -- --from FILE`.");
  const file = resolve(callersFolder(), from);
  const { docker, stack, ...deployed } = await openDeployedStack(stackWanted);
  await withInterruption(async (signal) => {
    const manifest = await showStep(`Checking ${file}`, () => checkArchive(file, signal));
    const data = selectHeld(deployed, manifest);
    if (data.parts.length + data.groups.length === 0) {
      throw new SetupError(
        `The stack ${stack} has nothing of what ${file} holds. Nothing was touched.`,
      );
    }
    console.log(`  It was made from the stack ${manifest.stack} on ${manifest.createdAt}.`);
    for (const line of listDifferences(deployed, manifest)) console.log(`  ${line}`);
    await restoreParts(docker, data, file, manifest, signal);
    const titles = listTitles(data).map(({ title }) => title);
    console.log(
      `\n${titles.join(", ")} of the stack ${stack} ${titles.length === 1 ? "has" : "have"} the data from ${manifest.createdAt}.`,
    );
  });
}

/** What a stack has of what a backup holds. */
function selectHeld({ parts, groups }: StackData, manifest: Manifest): StackData {
  return {
    parts: parts.filter(({ kind }) => kind.name in manifest.parts),
    groups: groups
      .map((group) => ({
        ...group,
        parts: group.parts.filter(({ name }) => name in manifest.parts),
      }))
      .filter((group) => group.parts.length > 0),
  };
}

function listDifferences(deployed: StackData, { parts }: Manifest): string[] {
  const present = listTitles(deployed);
  const titles = new Map([...dataKinds, ...present].map(({ name, title }) => [name, title]));
  return [
    ...Object.keys(parts)
      .filter((name) => !present.some((each) => each.name === name))
      .map((name) => `This stack has no ${titles.get(name) ?? name}: its data are left out.`),
    ...present
      .filter(({ name }) => !(name in parts))
      .map(({ title }) => `It holds no data of ${title}, which stays as it is.`),
  ];
}

function listTitles({ parts, groups }: StackData): { name: string; title: string }[] {
  return [...parts.map(({ kind }) => kind), ...groups.flatMap((group) => group.parts)];
}
