import type Docker from "dockerode";
import { readMessage } from "../../host/daemon/engineSettingsError";
import { showStep } from "../showStep";
import { SetupError } from "../setupError";
import { findMissingSeries, readTargetCounts, waitForServer } from "./askServer";
import type { DataPart, StackData } from "./dataParts";
import type { Manifest, PartManifest } from "./manifest";
import type { Restorable } from "./restorable";
import { openVolumesRestore } from "./restoreVolumes";
import { tidyVolume } from "./tidyVolume";
import { unpackBeside } from "./unpackBeside";
import { openVolumeHelper, type VolumeHelper } from "./volumeHelper";
import { dropBeforeScript, putBackScript, swapScript } from "./volumeScripts";

/** Longer than Prometheus takes to write down what it holds in memory. */
const stopSeconds = 120;

interface Restore extends DataPart {
  readonly docker: Docker;
  readonly helper: VolumeHelper;
  readonly manifest: PartManifest;
}

/**
 * Puts the data of a checked backup in the place of what a stack's servers and apps have now. Everything is unpacked beside the
 * data in use and checked again there; only then servers and apps are stopped. The old data are kept until all of them serve with
 * the new ones.
 *
 * @throws SetupError with what went wrong, when the old data are back in use
 */
export async function restoreParts(
  docker: Docker,
  { parts, groups }: StackData,
  file: string,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const restores: Restorable[] = [];
  try {
    for (const part of parts) {
      const partManifest = manifest.parts[part.kind.name];
      if (partManifest === undefined) continue;
      const helper = await openVolumeHelper(docker, part);
      restores.push(buildServerRestore({ ...part, docker, helper, manifest: partManifest }));
    }
    for (const group of groups) restores.push(await openVolumesRestore(docker, group, manifest));
    for (const restore of restores) {
      await showStep(`Unpacking the data of ${restore.title} beside those in use`, () =>
        restore.unpack(file, signal),
      );
    }
    await swapAll(restores, signal);
  } finally {
    for (const restore of restores) await restore.close();
  }
}

function buildServerRestore(restore: Restore): Restorable {
  const { docker, helper, kind } = restore;
  return {
    title: kind.title,
    unpack: (file, signal) => unpack(restore, file, signal),
    async swap(signal) {
      await stop(restore);
      await helper.run(swapScript);
      await start(restore);
      await waitForServer(docker, restore, signal);
      await rejectMissingSeries(restore);
    },
    async putBack() {
      await stop(restore);
      await helper.run(putBackScript);
      await start(restore);
      // A second interrupt must not end it here: the previous data have to be back in use.
      await waitForServer(docker, restore, new AbortController().signal);
    },
    async finish() {
      await helper.run(dropBeforeScript);
    },
    close: () => helper.close(),
  };
}

async function unpack(restore: Restore, file: string, signal: AbortSignal): Promise<void> {
  const { docker, helper, kind, manifest } = restore;
  const { isInterrupted } = await tidyVolume(docker, restore, helper);
  if (isInterrupted) {
    console.log("    An earlier restore was killed halfway: the previous data is put back.");
    await stop(restore);
    await helper.run(putBackScript);
    await start(restore);
  }
  await unpackBeside(helper, { title: kind.title, name: kind.name, manifest }, file, signal);
}

async function swapAll(restores: readonly Restorable[], signal: AbortSignal): Promise<void> {
  const touched: Restorable[] = [];
  try {
    for (const restore of restores) {
      await showStep(`Starting ${restore.title} with the restored data`, async () => {
        signal.throwIfAborted();
        touched.push(restore);
        await restore.swap(signal);
      });
    }
  } catch (error) {
    const failures = await putBack(touched);
    const end =
      failures.length === 0
        ? "The previous data is back in use."
        : "The previous data could not be put back; it is still in the volume. Run the command " +
          `again: it puts it back first.\n${failures.join("\n")}`;
    throw new SetupError(`${readMessage(error)}.\n\nNothing was restored. ${end}`);
  }
  for (const restore of restores) await restore.finish();
}

async function putBack(touched: readonly Restorable[]): Promise<string[]> {
  const failures: string[] = [];
  for (const restore of touched) {
    try {
      await showStep(`Putting the old data of ${restore.title} back`, () => restore.putBack());
    } catch (error) {
      failures.push(`${restore.title}: ${readMessage(error)}`);
    }
  }
  return failures;
}

async function stop({ docker, container: name }: Restore): Promise<void> {
  const container = docker.getContainer(name);
  const { State: state } = await container.inspect();
  if (state.Running || state.Restarting) await container.stop({ t: stopSeconds });
}

async function start({ docker, container: name }: Restore): Promise<void> {
  const container = docker.getContainer(name);
  const { State: state } = await container.inspect();
  if (!state.Running) await container.start();
}

async function rejectMissingSeries({ docker, container, manifest }: Restore): Promise<void> {
  const { targets } = manifest;
  if (targets === undefined || targets === null) return;
  const found = await readTargetCounts(docker, container, targets.time);
  const missing = findMissingSeries(targets, found);
  if (missing !== undefined)
    throw new SetupError(`Prometheus runs, but not with the series of the backup: ${missing}.`);
}
