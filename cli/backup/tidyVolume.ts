import type Docker from "dockerode";
import type { DataPart } from "./dataParts";
import type { VolumeHelper } from "./volumeHelper";
import { tidyScript, unmarkPausedScript } from "./volumeScripts";

/**
 * Removes what a killed backup or restore left in a volume, and wakes a server that it left paused.
 *
 * @returns whether a restore was killed between the old data and the new ones: that is left as it is
 */
export async function tidyVolume(
  docker: Docker,
  { container: name }: DataPart,
  helper: VolumeHelper,
): Promise<{ isInterrupted: boolean }> {
  const found = (await helper.run(tidyScript)).split("\n");
  if (found.includes("paused")) {
    const container = docker.getContainer(name);
    const { State: state } = await container.inspect();
    if (state.Paused) {
      await container.unpause();
      console.log(`  An earlier backup was killed while ${name} was paused: it runs again.`);
    }
    await helper.run(unmarkPausedScript);
  }
  return { isInterrupted: found.includes("interrupted") };
}
