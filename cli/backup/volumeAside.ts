import type Docker from "dockerode";
import { setTimeout as sleep } from "node:timers/promises";
import { isNotFound } from "../../host/docker/connectDocker";
import { labels } from "../../host/labels";
import { listNeededScript, tidyAsideScript, unmarkHeldScript } from "./asideScripts";
import type { VolumePart } from "./findVolumeGroups";
import { releaseContainer } from "./holdContainers";
import { openVolumeHelper, type VolumeHelper } from "./volumeHelper";

const removalAttempts = 50;
const removalPauseMilliseconds = 200;

export interface VolumeAside extends VolumeHelper {
  /** Whether a restore was killed between the old data and the new ones: that is left as it is. */
  readonly isInterrupted: boolean;
}

/**
 * Starts a helper that works on an app's volume from a second one, which goes again unless a later run needs it. What a killed run
 * has left there is tidied up, and containers that it left stopped or paused go on.
 */
export async function openVolumeAside(
  docker: Docker,
  { volume }: VolumePart,
  toolImage: string,
): Promise<VolumeAside> {
  const aside = `${volume}-backup`;
  await docker.createVolume({ Name: aside, Labels: { [labels.helper]: "backup" } });
  const helper = await openVolumeHelper(docker, { volume, image: toolImage, aside });
  const close = async () => {
    // A helper that is gone cannot say what it needs: then it is kept.
    const needed = await helper.run(listNeededScript).catch(() => "unknown");
    await helper.close();
    if (needed.trim() === "") await removeVolume(docker, aside);
  };
  try {
    const found = (await helper.run(tidyAsideScript)).split("\n");
    for (const line of found) {
      const name = /^held (.+)$/.exec(line)?.[1];
      if (name === undefined) continue;
      if (await releaseContainer(docker, name)) {
        console.log(`  An earlier backup was killed while it held ${name}: it runs again.`);
      }
    }
    await helper.run(unmarkHeldScript);
    return { ...helper, close, isInterrupted: found.includes("interrupted") };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The engine lets go of it a moment after the container. */
async function removeVolume(docker: Docker, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await docker.getVolume(name).remove();
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (attempt === removalAttempts) throw error;
      await sleep(removalPauseMilliseconds);
    }
  }
}
