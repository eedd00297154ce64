import { writeBackup } from "../access/backups";
import { buildRestartTexts, type TemporaryKeys, type RestartTexts } from "./duringRestart";
import { EngineSettingsError, readMessage } from "./engineSettingsError";
import { renderRestartByHand, type EngineLocation } from "./engineLocation";
import { pingEngine, waitForMetrics } from "./engineProbe";
import type { HostFile } from "../access/hostAccess";
import { reloadLiveRestore } from "./liveRestore";
import type { MetricsAddress } from "./metricsAddress";
import type { PreparedRestart } from "./prepareRestart";
import { rejectInvalidCandidate } from "./rejectDaemonJson";
import { readEngineLog, restartEngine } from "./restart";
import { reconcileDaemonJson, writeDaemonJson } from "./reconcileDaemonJson";

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
  readonly restart: Pick<PreparedRestart, "keys" | "switchesOn">;
  /** Notes in the ledger what is about to stand in daemon.json for the restart only. */
  readonly takeNote: (note: TemporaryKeys) => Promise<void>;
}

/** A failed change. What it left for the restart only is still in daemon.json if there is a note. */
export class ChangeFailure extends EngineSettingsError {
  constructor(
    message: string,
    readonly note: TemporaryKeys | undefined,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/**
 * Writes a daemon.json, restarts the engine and waits for its measurements, with live-restore meanwhile if asked for. If
 * any of that fails, the fallback text is put back and the engine restarted with it. Killed between any two steps, it
 * leaves a whole and valid file, and a note of what has to leave it again.
 *
 * @throws EngineSettingsError saying what failed, what the host is like now, and what is left to do by hand, if anything
 */
export async function changeAndRestart(
  location: EngineLocation,
  change: ChangeAndRestart,
): Promise<void> {
  const { host, daemonJsonPath } = location;
  const { file, after, metrics, engineId } = change;
  const texts = await prepareTexts(change, after);
  const text = texts === undefined ? after : texts.during;
  let backupPath: string | undefined;
  if (text !== file.text) {
    if (text !== undefined) await rejectInvalidCandidate(location, text);
    backupPath = await writeBackup(location, file);
    await rejectEditedMeanwhile(location, file);
    await writeDaemonJson(location, text, file.mode);
  }
  await switchOn(location, change, texts);
  try {
    await restartEngine(location);
    if (metrics !== undefined) await waitForMetrics(location, metrics, engineId);
  } catch (thrown) {
    // Read before the next restart adds lines of its own.
    const log = await readEngineLog(location).catch(() => "");
    const { outcome, note } = await putBack(location, change, texts?.note, backupPath);
    const lines = log === "" ? "" : `\nThe engine's last lines:\n${log.replace(/^/gm, "  ")}`;
    throw new ChangeFailure(
      `The Docker Engine of ${host.label} did not come up as asked with ${daemonJsonPath}: ${readMessage(thrown)}.\n${outcome}${lines}`,
      note,
      thrown,
    );
  }
}

async function prepareTexts(
  { restart, takeNote }: ChangeAndRestart,
  settled: string | undefined,
): Promise<RestartTexts | undefined> {
  if (Object.keys(restart.keys).length === 0) return undefined;
  const texts = buildRestartTexts(settled, restart.keys);
  await takeNote(texts.note);
  return texts;
}

/** Has the running engine take live-restore. If it does not, nothing has happened to it, and the old file comes back. */
async function switchOn(
  location: EngineLocation,
  change: ChangeAndRestart,
  texts: RestartTexts | undefined,
): Promise<void> {
  const { restart, fallback, file } = change;
  if (!restart.switchesOn) return;
  try {
    await reloadLiveRestore(location, true);
  } catch (thrown) {
    const log = await readEngineLog(location).catch(() => "");
    let state = `${location.daemonJsonPath} is as it was.`;
    let left = texts?.note;
    try {
      await writeDaemonJson(location, fallback, file.mode);
      // It may have taken live-restore after all, only too late.
      const back = await prepareTexts(change, fallback);
      if (back !== undefined) await reconcileDaemonJson(location, back.note);
      left = undefined;
    } catch (second) {
      state = `Putting ${location.daemonJsonPath} back failed too: ${readMessage(second)}.`;
    }
    const lines = log === "" ? "" : `\nThe engine's last lines:\n${log.replace(/^/gm, "  ")}`;
    throw new ChangeFailure(
      `The Docker Engine of ${location.host.label} could not be told to keep its containers over a restart: ${readMessage(thrown)}. It was not restarted, and its containers run on. ${state} Run again, or let the restart stop the containers: engineMetrics.keepContainers: false.${lines}`,
      left,
      thrown,
    );
  }
}

interface PutBack {
  readonly outcome: string;
  /** What is still in daemon.json for a restart only. */
  readonly note: TemporaryKeys | undefined;
}

async function putBack(
  location: EngineLocation,
  change: ChangeAndRestart,
  noteSoFar: TemporaryKeys | undefined,
  backupPath: string | undefined,
): Promise<PutBack> {
  const { file, after, fallback } = change;
  const { daemonJsonPath } = location;
  if (after === fallback) {
    const left = await reconcileIfUp(location, noteSoFar);
    return {
      outcome: `${daemonJsonPath} already had these settings and is unchanged${renderKept(left)}. Look at the engine's log, then restart it: ${renderRestartByHand(location)}`,
      note: left,
    };
  }
  const fileByHand =
    fallback === undefined
      ? `rm ${daemonJsonPath}`
      : backupPath === undefined
        ? `remove the keys that you do not want from ${daemonJsonPath}`
        : `cp ${backupPath} ${daemonJsonPath}`;
  let note = noteSoFar;
  try {
    const texts = await prepareTexts(change, fallback);
    await writeDaemonJson(location, texts === undefined ? fallback : texts.during, file.mode);
    note = texts?.note;
  } catch (thrown) {
    const outcome = `Putting the old settings back failed too: ${readMessage(thrown)}. Do it by hand: ${fileByHand}; then ${renderRestartByHand(location)}`;
    return { outcome, note };
  }
  const state =
    fallback === undefined
      ? `${daemonJsonPath} is removed again, as there was none before`
      : `The old ${daemonJsonPath} is back, byte for byte`;
  try {
    await restartEngine(location);
  } catch (thrown) {
    const left = await reconcileIfUp(location, note);
    const outcome = `${state}${renderKept(left)}, but the engine did not come back with it either: ${readMessage(thrown)}. Restart it by hand: ${renderRestartByHand(location)}`;
    return { outcome, note: left };
  }
  try {
    if (note !== undefined) await reconcileDaemonJson(location, note);
    return { outcome: `${state}, and the engine answers again.`, note: undefined };
  } catch (thrown) {
    const outcome = `${state}${renderKept(note)}, and the engine answers again. Switching live-restore off failed: ${readMessage(thrown)}.`;
    return { outcome, note };
  }
}

/** An engine that answers no longer needs what was meant for the restart; one that is down does, or it stops containers. */
async function reconcileIfUp(
  location: EngineLocation,
  note: TemporaryKeys | undefined,
): Promise<TemporaryKeys | undefined> {
  if (note === undefined || (await pingEngine(location)) !== undefined) return note;
  return reconcileDaemonJson(location, note).then(
    () => undefined,
    // The note stays, so that the next run tries again.
    () => note,
  );
}

function renderKept(note: TemporaryKeys | undefined): string {
  if (note === undefined) return "";
  const keys = Object.keys(note.keys).map((key) => `"${key}"`);
  return `, with ${keys.join(" and ")} added so that containers which still run survive the engine's start (the next run takes that out again)`;
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
