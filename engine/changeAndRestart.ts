import { writeBackup } from "./backups";
import { EngineSettingsError, readMessage } from "./engineSettingsError";
import { renderRestartByHand, type EngineLocation } from "./engineLocation";
import { waitForMetrics } from "./engineProbe";
import type { HostFile } from "./hostAccess";
import type { MetricsAddress } from "./metricsAddress";
import { rejectInvalidCandidate } from "./rejectDaemonJson";
import { readEngineLog, restartEngine } from "./restart";

/** A daemon.json to be changed, and what the engine must do afterwards. */
export interface ChangeAndRestart {
  readonly file: HostFile;
  /** The text to be; `undefined` when there is to be no file. */
  readonly after: string | undefined;
  /** The text to go back to if the engine does not take the new one. */
  readonly fallback: string | undefined;
  /** Where measurements must come from afterwards; `undefined` when none are expected. */
  readonly metrics: MetricsAddress | undefined;
  readonly engineId: string | undefined;
}

/**
 * Writes a daemon.json, restarts the engine and waits for its measurements. If any of that fails, the fallback text is
 * put back and the engine restarted with it. Killed between any two steps, it leaves a whole and valid file.
 *
 * @throws EngineSettingsError saying what failed, what the host is like now, and what is left to do by hand, if anything
 */
export async function changeAndRestart(
  location: EngineLocation,
  change: ChangeAndRestart,
): Promise<void> {
  const { host, daemonJsonPath } = location;
  const { file, after, metrics, engineId } = change;
  let backupPath: string | undefined;
  if (after !== file.text) {
    if (after !== undefined) await rejectInvalidCandidate(location, after);
    backupPath = await writeBackup(location, file);
    await rejectEditedMeanwhile(location, file);
    await writeText(location, after, file.mode);
  }
  try {
    await restartEngine(location);
    if (metrics !== undefined) await waitForMetrics(location, metrics, engineId);
  } catch (thrown) {
    // Read before the next restart adds lines of its own.
    const log = await readEngineLog(location).catch(() => "");
    const outcome = await putBack(location, change, backupPath);
    const lines = log === "" ? "" : `\nThe engine's last lines:\n${log.replace(/^/gm, "  ")}`;
    throw new EngineSettingsError(
      `The Docker Engine of ${host.label} did not come up as asked with ${daemonJsonPath}: ${readMessage(thrown)}.\n${outcome}${lines}`,
      { cause: thrown },
    );
  }
}

async function putBack(
  location: EngineLocation,
  { file, after, fallback }: ChangeAndRestart,
  backupPath: string | undefined,
): Promise<string> {
  const { daemonJsonPath } = location;
  if (after === fallback) {
    return `${daemonJsonPath} already had these settings and is unchanged. Look at the engine's log, then restart it: ${renderRestartByHand(location)}`;
  }
  const fileByHand =
    fallback === undefined
      ? `rm ${daemonJsonPath}`
      : backupPath === undefined
        ? `remove the keys that you do not want from ${daemonJsonPath}`
        : `cp ${backupPath} ${daemonJsonPath}`;
  try {
    await writeText(location, fallback, file.mode);
  } catch (thrown) {
    return `Putting the old settings back failed too: ${readMessage(thrown)}. Do it by hand: ${fileByHand}; then ${renderRestartByHand(location)}`;
  }
  const state =
    fallback === undefined
      ? `${daemonJsonPath} is removed again, as there was none before`
      : `The old ${daemonJsonPath} is back, byte for byte`;
  try {
    await restartEngine(location);
    return `${state}, and the engine answers again.`;
  } catch (thrown) {
    return `${state}, but the engine did not come back with it either: ${readMessage(thrown)}. Restart it by hand: ${renderRestartByHand(location)}`;
  }
}

async function writeText(
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

async function rejectEditedMeanwhile(
  { host, daemonJsonPath }: EngineLocation,
  file: HostFile,
): Promise<void> {
  const { text } = await host.readFile(daemonJsonPath);
  if (text === file.text) return;
  throw new EngineSettingsError(
    `${daemonJsonPath} was edited by someone else at this very moment, so nothing was written. Run again.`,
  );
}
