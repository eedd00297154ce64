import { parseDaemonJson } from "./daemonJson";
import { mergeKeys } from "./daemonJsonEdit";
import { readLiveRestore } from "../docker/detectEngine";
import { reconcileText, type TemporaryKeys } from "./duringRestart";
import type { EngineLocation } from "./engineLocation";
import { reloadLiveRestore } from "./liveRestore";

/**
 * Takes out of daemon.json what was there for a restart only, and has a running engine switch live-restore back. Edits
 * that others have made meanwhile stay. Can be cut short and run again.
 *
 * @throws EngineSettingsError when the file cannot be written or the engine does not take it
 */
export async function reconcileDaemonJson(
  location: EngineLocation,
  note: TemporaryKeys,
): Promise<void> {
  const file = await location.host.readFile(location.daemonJsonPath);
  const settled = reconcileText(file.text, note);
  const isOwners = isLiveRestoreOn(settled);
  const wasSwitched = "live-restore" in note.keys && !isOwners;
  if (wasSwitched && (await readLiveRestore(location)) === true) {
    // A key that is merely gone leaves live-restore on: dockerd reloads only what the file names.
    const windingDown = mergeKeys(settled, { "live-restore": false });
    await writeDaemonJson(location, windingDown, file.mode);
    await reloadLiveRestore(location, false);
  }
  // Read again: it may have been edited while the engine was reloading.
  const { text } = await location.host.readFile(location.daemonJsonPath);
  const after = reconcileText(text, note);
  if (text !== after) await writeDaemonJson(location, after, file.mode);
}

/** Writes a daemon.json, or removes it for `undefined`. */
export async function writeDaemonJson(
  { host, daemonJsonPath }: EngineLocation,
  text: string | undefined,
  mode: number | undefined,
): Promise<void> {
  const { realPath } = await host.readFile(daemonJsonPath);
  if (text === undefined) {
    // The real file: a link stays, also one to a file that is made later.
    await host.removeFile(realPath);
    return;
  }
  await host.makeFolder(realPath.slice(0, realPath.lastIndexOf("/")) || "/", 0o755);
  await host.writeFileAtomically(daemonJsonPath, text, mode ?? 0o644);
}

function isLiveRestoreOn(text: string | undefined): boolean {
  const parsed = parseDaemonJson(text ?? "");
  return parsed.problem === undefined && parsed.keys["live-restore"] === true;
}
