import { SetupError } from "../setupError";
import type { Contents } from "./manifest";
import type { VolumeHelper } from "./volumeHelper";
import { countCopyScript } from "./volumeScripts";

/**
 * The engine leaves out of a tar stream what it cannot read, and says so in its own log only.
 *
 * @param title what was copied
 * @throws SetupError when fewer files have come than were copied
 */
export async function rejectLoss(
  helper: Pick<VolumeHelper, "run">,
  title: string,
  files: Contents,
): Promise<void> {
  const copied = Number(await helper.run(countCopyScript));
  const received = Object.keys(files).length;
  if (copied === received) return;
  throw new SetupError(
    `Of ${copied} files in ${title} the engine sent ${received}; its log says why.`,
  );
}
