import type Docker from "dockerode";
import { waitForContainers } from "../../host/docker/waitForContainers";
import { showStep } from "../showStep";
import { SetupError } from "../setupError";
import { copyAsideScript, measureScript, renderMarkHeld, unmarkHeldScript } from "./asideScripts";
import type { VolumeGroup, VolumePart } from "./findVolumeGroups";
import { type Held, StillHeldError, whileHeld } from "./holdContainers";
import { orAbort } from "./interruption";
import type { PartManifest } from "./manifest";
import { rejectLoss } from "./rejectLoss";
import { renderSize } from "./renderSize";
import { openVolumeAside, type VolumeAside } from "./volumeAside";
import { copyFolder, dropCopyScript } from "./volumeScripts";
import type { ArchiveWriter } from "./writeArchive";

/** How long containers may take until they serve again. */
const readyTimeoutSeconds = 300;

interface OpenPart extends VolumePart {
  readonly aside: VolumeAside;
}

/**
 * Copies the volumes of a group into an archive. Who writes to them is held for as long as a copy takes on the engine's own disk; the
 * archive is made from the copies, when everything serves again.
 *
 * @returns what the archive holds, by the names of its parts
 */
export async function backUpVolumes(
  docker: Docker,
  group: VolumeGroup,
  archive: ArchiveWriter,
  signal: AbortSignal,
): Promise<Record<string, PartManifest>> {
  const titles = group.parts.map(({ title }) => title).join(", ");
  return showStep(`Backing up ${titles}`, async () => {
    const open: OpenPart[] = [];
    try {
      for (const part of group.parts) {
        signal.throwIfAborted();
        open.push({ ...part, aside: await openVolumeAside(docker, part, group.toolImage) });
      }
      for (const part of open) await rejectUnfit(part);
      await copyGroup(docker, group, open, signal);
      const manifests: Record<string, PartManifest> = {};
      for (const { name, title, aside } of open) {
        const files = await archive.addFolder(name, await aside.read(copyFolder));
        await rejectLoss(aside, title, files);
        manifests[name] = { images: [], version: null, files };
      }
      return manifests;
    } finally {
      for (const { aside } of open) await aside.close();
    }
  });
}

async function rejectUnfit({ title, aside }: OpenPart): Promise<void> {
  if (aside.isInterrupted) {
    throw new SetupError(
      `A restore of ${title} was killed halfway. Run \`npm run restore\` once more: it first puts back the data from ` +
        "before it. Nothing was backed up.",
    );
  }
  const [needed = 0, free = 0] = (await aside.run(measureScript)).split(" ").map(Number);
  if (needed < free) return;
  throw new SetupError(
    `The engine's disk has ${renderSize(free * 1024)} free, and a copy of ${title} takes ${renderSize(needed * 1024)}. ` +
      "Free some space (`docker system df` shows where it went) and run the command again. Nothing was changed.",
  );
}

async function copyGroup(
  docker: Docker,
  { writers, mode }: VolumeGroup,
  open: readonly OpenPart[],
  signal: AbortSignal,
): Promise<void> {
  const unmark = async () => open[0]?.aside.run(unmarkHeldScript);
  if (writers.length > 0) await open[0]?.aside.run(renderMarkHeld(writers));
  let copying: Promise<string> | undefined;
  try {
    const { held, milliseconds } = await whileHeld(docker, writers, mode, async () => {
      for (const { aside } of open) {
        signal.throwIfAborted();
        copying = aside.run(copyAsideScript);
        await orAbort(copying, signal);
      }
    });
    tellHeld(held, mode, milliseconds);
    await waitUntilServing(docker, held);
    await unmark();
  } catch (error) {
    // What goes on being copied would come back after its removal.
    await copying?.catch(() => undefined);
    for (const { aside } of open) await aside.run(dropCopyScript);
    // With the mark, the next backup lets them go on.
    if (!(error instanceof StillHeldError)) await unmark();
    throw error;
  }
}

function tellHeld(held: readonly Held[], mode: VolumeGroup["mode"], milliseconds: number): void {
  if (held.length === 0) return;
  const names = held.map(({ name }) => name).join(", ");
  const word = mode === "pause" ? "paused" : "stopped";
  console.log(`    ${names} ${held.length === 1 ? "was" : "were"} ${word} for ${milliseconds} ms.`);
  for (const { name } of held.filter(({ wasKilled }) => wasKilled)) {
    console.log(
      `    ${name} did not end within its grace and was killed: the copy is as after a power failure. Raise its stopGraceSeconds.`,
    );
  }
}

async function waitUntilServing(docker: Docker, held: readonly Held[]): Promise<void> {
  const due = held.filter(({ served }) => served).map(({ name }) => [name, name]);
  const containers = Object.fromEntries(due) as Record<string, string>;
  try {
    await waitForContainers(docker, containers, readyTimeoutSeconds);
  } catch (error) {
    throw new SetupError(`After its data were copied, ${(error as Error).message}`);
  }
}
