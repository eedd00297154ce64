import type Docker from "dockerode";
import { showStep } from "../showStep";
import { SetupError } from "../setupError";
import { readTargetCounts, readVersion } from "./askServer";
import { backUpVolumes } from "./backUpVolumes";
import { copyWhilePaused } from "./copyWhilePaused";
import type { DataPart, StackData } from "./dataParts";
import { orAbort } from "./interruption";
import { type Manifest, manifestFormat, type PartManifest } from "./manifest";
import { rejectLoss } from "./rejectLoss";
import { renderSize } from "./renderSize";
import { tidyVolume } from "./tidyVolume";
import { openVolumeHelper, type VolumeHelper } from "./volumeHelper";
import {
  copyFolder,
  dropCopyScript,
  markPausedScript,
  renderCopy,
  renderMeasure,
  unmarkPausedScript,
} from "./volumeScripts";
import { type ArchiveWriter, writeArchive } from "./writeArchive";

/**
 * Writes the data of a stack's servers and apps into a tar.gz. Each server is paused for the moment in which a copy is made within
 * its volume, and apps are stopped unless their settings say otherwise; what takes long is done from the copy, while all run.
 */
export async function backUpParts(
  docker: Docker,
  { project, stack, parts, groups }: Pick<Manifest, "project" | "stack"> & StackData,
  file: string,
  signal: AbortSignal,
): Promise<Manifest> {
  const createdAt = new Date().toISOString();
  const archive = writeArchive(file, signal);
  const manifests: Manifest["parts"] = {};
  for (const part of parts) {
    manifests[part.kind.name] = await showStep(`Backing up ${part.kind.title}`, () =>
      backUpPart(docker, part, archive, signal),
    );
  }
  for (const group of groups) {
    Object.assign(manifests, await backUpVolumes(docker, group, archive, signal));
  }
  const manifest = { format: manifestFormat, project, stack, createdAt, parts: manifests } as const;
  await archive.finish(manifest);
  return manifest;
}

async function backUpPart(
  docker: Docker,
  part: DataPart,
  archive: ArchiveWriter,
  signal: AbortSignal,
): Promise<PartManifest> {
  const { kind, container } = part;
  const helper = await openVolumeHelper(docker, part);
  try {
    const { isInterrupted } = await tidyVolume(docker, part, helper);
    if (isInterrupted) {
      throw new SetupError(
        `A restore of ${kind.title} was killed halfway. Run \`npm run restore\` once more: it first puts back the data ` +
          "from before it. Nothing was backed up.",
      );
    }
    await rejectFullDisk(helper, part);
    const images = await readImageNames(docker, part.image);
    const version = await readVersion(docker, part);
    const targets =
      kind.name === "prometheus"
        ? await readTargetCounts(docker, container, Date.now() / 1000)
        : undefined;
    signal.throwIfAborted();

    await copyWithinVolume(docker, part, helper, signal);
    const files = await archive.addFolder(kind.name, await helper.read(copyFolder));
    await rejectLoss(helper, `the data of ${kind.title}`, files);
    await helper.run(dropCopyScript);
    return { images, version, ...(targets !== undefined && { targets }), files };
  } finally {
    await helper.close();
  }
}

async function copyWithinVolume(
  docker: Docker,
  { kind, container: name }: DataPart,
  helper: VolumeHelper,
  signal: AbortSignal,
): Promise<void> {
  const container = docker.getContainer(name);
  let copying: Promise<string> | undefined;
  try {
    await helper.run(markPausedScript);
    const pausedMilliseconds = await copyWhilePaused(
      container,
      name,
      async (limited) => {
        copying = helper.run(renderCopy(kind.name));
        await orAbort(copying, limited);
      },
      signal,
    );
    await helper.run(unmarkPausedScript);
    console.log(`    ${name} was paused for ${pausedMilliseconds} ms and runs on.`);
  } catch (error) {
    // What goes on being copied would come back after its removal.
    await copying?.catch(() => undefined);
    await helper.run(dropCopyScript);
    const { State: state } = await container.inspect();
    // With the mark, the next backup wakes it.
    if (!state.Paused) await helper.run(unmarkPausedScript);
    throw error;
  }
}

async function rejectFullDisk(helper: VolumeHelper, { kind }: DataPart): Promise<void> {
  const [needed = 0, free = 0] = (await helper.run(renderMeasure(kind.name)))
    .split(" ")
    .map(Number);
  if (needed < free) return;
  throw new SetupError(
    `The engine's disk has ${renderSize(free * 1024)} free, and a copy of what ${kind.title} is writing to takes ` +
      `${renderSize(needed * 1024)}. Free some space (\`docker system df\` shows where it went) and run the command ` +
      "again. Nothing was changed.",
  );
}

async function readImageNames(docker: Docker, image: string): Promise<string[]> {
  const { RepoTags, RepoDigests } = await docker.getImage(image).inspect();
  // Either may be null.
  const names = [
    ...((RepoTags as string[] | null) ?? []),
    ...((RepoDigests as string[] | null) ?? []),
  ];
  return names.length > 0 ? names : [image];
}
