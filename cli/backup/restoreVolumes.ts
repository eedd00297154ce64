import type Docker from "dockerode";
import { waitForContainers } from "../../host/docker/waitForContainers";
import { dropBeforeAsideScript, putBackAsideScript, swapAsideScript } from "./asideScripts";
import type { VolumeGroup, VolumePart } from "./findVolumeGroups";
import { whileHeld } from "./holdContainers";
import { orAbort } from "./interruption";
import type { Manifest, PartManifest } from "./manifest";
import type { Restorable } from "./restorable";
import { unpackBeside } from "./unpackBeside";
import { openVolumeAside, type VolumeAside } from "./volumeAside";

/** A database may have much to look through. */
const readyTimeoutSeconds = 300;

interface OpenPart extends VolumePart {
  readonly aside: VolumeAside;
  readonly manifest: PartManifest;
}

/** The volumes of a group, as far as a backup holds them: all of their users are stopped while data are exchanged. */
export async function openVolumesRestore(
  docker: Docker,
  { parts, users, toolImage }: VolumeGroup,
  manifest: Manifest,
): Promise<Restorable> {
  const open: OpenPart[] = [];
  const close = async () => {
    for (const { aside } of open) await aside.close();
  };
  try {
    for (const part of parts) {
      const partManifest = manifest.parts[part.name];
      if (partManifest === undefined) continue;
      const aside = await openVolumeAside(docker, part, toolImage);
      open.push({ ...part, aside, manifest: partManifest });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const exchange = async (script: string) => {
    const { held } = await whileHeld(docker, users, "stop", async () => {
      for (const { aside } of open) await aside.run(script);
    });
    return Object.fromEntries(held.map(({ name }) => [name, name])) as Record<string, string>;
  };
  return {
    title: open.map(({ title }) => title).join(", "),
    async unpack(file, signal) {
      for (const part of open) {
        if (part.aside.isInterrupted) {
          console.log(
            "    An earlier restore was killed halfway: the data from before it are put back.",
          );
          await whileHeld(docker, users, "stop", () => part.aside.run(putBackAsideScript));
        }
        // Beside the data in use, they are copied into the volume once more.
        await unpackBeside(part.aside, part, file, signal, 2);
      }
    },
    async swap(signal) {
      const started = await exchange(swapAsideScript);
      await orAbort(waitForContainers(docker, started, readyTimeoutSeconds), signal);
    },
    async putBack() {
      const started = await exchange(putBackAsideScript);
      await waitForContainers(docker, started, readyTimeoutSeconds);
    },
    async finish() {
      for (const { aside } of open) await aside.run(dropBeforeAsideScript);
    },
    close,
  };
}
