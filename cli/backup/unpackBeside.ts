import { readMessage } from "../../host/daemon/engineSettingsError";
import { SetupError } from "../setupError";
import { orAbort } from "./interruption";
import { type PartManifest, sumSizes } from "./manifest";
import { streamPart } from "./readArchive";
import { renderSize } from "./renderSize";
import type { VolumeHelper } from "./volumeHelper";
import { checkStagingScript, dropStagingScript, measureFreeScript } from "./volumeScripts";

export interface PackedPart {
  /** As a message calls it. */
  readonly title: string;
  /** Name of its part of the archive. */
  readonly name: string;
  readonly manifest: PartManifest;
}

/**
 * Unpacks a part of an archive beside the data in use, and checks what arrived.
 *
 * @param copies how often the data have to fit on the disk at once
 */
export async function unpackBeside(
  helper: VolumeHelper,
  { title, name, manifest }: PackedPart,
  file: string,
  signal: AbortSignal,
  copies = 1,
): Promise<void> {
  const free = Number(await helper.run(measureFreeScript)) * 1024;
  const size = copies * sumSizes(manifest.files);
  if (size >= free) {
    throw new SetupError(
      `The engine's disk has ${renderSize(free)} free, and the data of ${title} take ${renderSize(size)} beside ` +
        "those in use. Free some space and run the command again. Nothing was changed.",
    );
  }
  try {
    await orAbort(helper.write(streamPart(file, name, manifest.files), signal), signal);
    await helper.run(checkStagingScript, signal);
  } catch (error) {
    await helper.run(dropStagingScript);
    throw new SetupError(
      `The data of ${title} could not be unpacked (${readMessage(error)}). Those in use were not touched.`,
    );
  }
}
