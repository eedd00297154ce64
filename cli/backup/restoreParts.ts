import type Docker from "dockerode";
import { readMessage } from "../../host/daemon/engineSettingsError";
import { showStep } from "../showStep";
import { SetupError } from "../setupError";
import { findMissingSeries, readTargetCounts, waitForServer } from "./askServer";
import type { DataPart } from "./dataParts";
import { orAbort } from "./interruption";
import { type Manifest, type PartManifest, sumSizes } from "./manifest";
import { streamPart } from "./readArchive";
import { renderSize } from "./renderSize";
import { tidyVolume } from "./tidyVolume";
import { openVolumeHelper, type VolumeHelper } from "./volumeHelper";
import {
  checkStagingScript,
  dropBeforeScript,
  dropStagingScript,
  measureFreeScript,
  putBackScript,
  swapScript,
} from "./volumeScripts";

/** Longer than Prometheus takes to write down what it holds in memory. */
const stopSeconds = 120;

interface Restore extends DataPart {
  readonly docker: Docker;
  readonly helper: VolumeHelper;
  readonly manifest: PartManifest;
}

/**
 * Puts the data of a checked backup in the place of what a stack's servers have now. Everything is unpacked beside the
 * data in use and checked again there; only then the servers are stopped. The old data are kept until all servers answer
 * with the new ones.
 *
 * @throws SetupError with what went wrong, when the old data are back in use
 */
export async function restoreParts(
  docker: Docker,
  parts: readonly DataPart[],
  file: string,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const restores: Restore[] = [];
  try {
    for (const part of parts) {
      const partManifest = manifest.parts[part.kind.name];
      if (partManifest === undefined) continue;
      const helper = await openVolumeHelper(docker, part);
      restores.push({ ...part, docker, helper, manifest: partManifest });
    }
    for (const restore of restores) {
      await showStep(`Unpacking the data of ${restore.kind.title} beside those in use`, () =>
        unpack(restore, file, signal),
      );
    }
    await swapAll(restores, signal);
  } finally {
    for (const { helper } of restores) await helper.close();
  }
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
  const free = Number(await helper.run(measureFreeScript)) * 1024;
  const size = sumSizes(manifest.files);
  if (size >= free) {
    throw new SetupError(
      `The engine's disk has ${renderSize(free)} free, and the data of ${kind.title} take ${renderSize(size)} beside ` +
        "those in use. Free some space and run the command again. Nothing was changed.",
    );
  }
  try {
    await orAbort(helper.write(streamPart(file, kind.name, manifest.files), signal), signal);
    await helper.run(checkStagingScript, signal);
  } catch (error) {
    await helper.run(dropStagingScript);
    throw new SetupError(
      `The data of ${kind.title} could not be unpacked (${readMessage(error)}). Those in use were not touched.`,
    );
  }
}

async function swapAll(restores: readonly Restore[], signal: AbortSignal): Promise<void> {
  const touched: Restore[] = [];
  try {
    for (const restore of restores) {
      await showStep(`Starting ${restore.kind.title} with the restored data`, async () => {
        signal.throwIfAborted();
        touched.push(restore);
        await stop(restore);
        await restore.helper.run(swapScript);
        await start(restore);
        await waitForServer(restore.docker, restore, signal);
        await rejectMissingSeries(restore);
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
  for (const { helper } of restores) await helper.run(dropBeforeScript);
}

async function putBack(touched: readonly Restore[]): Promise<string[]> {
  const failures: string[] = [];
  for (const restore of touched) {
    try {
      await showStep(`Putting the old data of ${restore.kind.title} back`, async () => {
        await stop(restore);
        await restore.helper.run(putBackScript);
        await start(restore);
        // A second interrupt must not end it here: the previous data have to be back in use.
        await waitForServer(restore.docker, restore, new AbortController().signal);
      });
    } catch (error) {
      failures.push(`${restore.container}: ${readMessage(error)}`);
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
