import { ChangeFailure, changeAndRestart, type ChangeAndRestart } from "./changeAndRestart";
import { isSameValue } from "./daemonJsonEdit";
import type { TemporaryKeys } from "./duringRestart";
import type { EngineLocation } from "./engineLocation";
import { findMetricsProblem, rejectTakenAddress } from "./engineProbe";
import { readMessage } from "./engineSettingsError";
import { followDaemonJson } from "./followDaemonJson";
import { replaceFileLedger, type FileLedger } from "./ledger";
import { readLedgerFile, restoreLedgerFile, writeLedgerFile, type LedgerFile } from "./ledgerFile";
import {
  prepareClaim,
  prepareRelease,
  type PreparedChange,
  type DaemonSettingsPlan,
  type WantedDaemonSettings,
} from "./prepareChange";
import { reconcileDaemonJson } from "./reconcileDaemonJson";
import { readDaemonState, tryReadMetricsAddress, type DaemonState } from "./daemonState";

/** What was done. */
export interface DaemonSettingsOutcome extends DaemonSettingsPlan {
  /** Whether the engine was restarted; `containers` tells what that did to them. */
  readonly restarted: boolean;
}

/** What the file and the engine say now. */
export interface DaemonSettingsNow {
  /** As in daemon.json; `undefined` when the key is not there. A wrong type is passed on as it is. */
  readonly metricsAddress: unknown;
  readonly experimental: unknown;
  /** Whether this engine's measurements come from that address. */
  readonly metricsAnswer: boolean;
  /** Whether the claimant has a claim in the ledger. */
  readonly isClaimed: boolean;
}

const lockWaitSeconds = 120;

/**
 * What applying would do; changes nothing, and needs no rights beyond reading daemon.json.
 *
 * @throws EngineSettingsError when applying would be refused
 */
export async function planDaemonSettings(
  location: EngineLocation,
  wanted: WantedDaemonSettings,
): Promise<DaemonSettingsPlan> {
  const { plan } = await prepareClaim(await followDaemonJson(location), wanted, true);
  return plan;
}

/** Hears what is about to happen, before anything is changed. */
export type PlanListener = (plan: DaemonSettingsPlan) => void;

/** Makes a change with a restart in it, with what has to be done before and afterwards. */
export type AroundRestart = <T>(change: () => Promise<T>) => Promise<T>;

/**
 * Makes the engine offer its measurements: edits daemon.json, restarts the engine if there is anything new, and waits
 * for `/metrics`. Containers keep running where the engine can. Repairs what a crash of an earlier run left behind. Puts
 * everything back when it fails.
 *
 * @throws EngineSettingsError when it is refused, or when it failed and was undone
 */
export async function applyDaemonSettings(
  given: EngineLocation,
  wanted: WantedDaemonSettings,
  announce: PlanListener = () => undefined,
  around: AroundRestart = (change) => change(),
): Promise<DaemonSettingsOutcome> {
  return withLock(given, async (location) => {
    const prepared = await prepareClaim(location, wanted, false);
    const { daemonState, change, plan, address } = prepared;
    const { settled, ledgerFile, page, keys, facts } = daemonState;
    if (!plan.restartNeeded) {
      await reconcileLeftover(location, page);
      if (!isSameValue(page, change.page)) await writePage(location, ledgerFile, change.page);
      return { ...plan, restarted: false };
    }
    await rejectTakenAddress(location, address, tryReadMetricsAddress(keys), facts.id);
    announce(plan);
    const fallback = findFallback({ before: settled, after: plan.after }, page, wanted.claimant);
    const texts = { fallback, metrics: address };
    return around(async () => {
      const note = await restartWith(location, prepared, texts, change.page);
      try {
        if (note !== undefined) await reconcile(location, ledgerFile, change.page, note);
      } catch (thrown) {
        // The engine does what was asked of it. The note stays, so the next preview shows this and the next run does it.
        const problem = `What was switched on for the restart could not be switched off again: ${readMessage(thrown)}. The next update tries again.`;
        return { ...plan, warnings: [...plan.warnings, problem], restarted: true };
      }
      await writePage(location, ledgerFile, change.page);
      return { ...plan, restarted: true };
    });
  });
}

/**
 * What releasing would do; changes nothing.
 *
 * @returns `undefined` when the claimant has no claim, as far as this user may know
 */
export async function planDaemonSettingsRelease(
  location: EngineLocation,
  claimant: string,
): Promise<DaemonSettingsPlan | undefined> {
  // Before anything else: a host on which nothing was claimed may look as it likes.
  const ledgerFile = await readLedgerFile(location).catch(() => undefined);
  const { keys = {} } = ledgerFile?.ledger.files[location.daemonJsonPath] ?? {};
  if (!Object.values(keys).some(({ claimants }) => claimants.includes(claimant))) return undefined;
  const { plan } = await prepareRelease(await followDaemonJson(location), claimant, true);
  return plan;
}

/**
 * Gives up a claimant's claims. The last claimant's release puts back what was there before the first claim, byte for
 * byte if the file was not edited since, and restarts the engine. Values that others have set since stay.
 */
export async function releaseDaemonSettings(
  given: EngineLocation,
  claimant: string,
  announce: PlanListener = () => undefined,
  around: AroundRestart = (change) => change(),
): Promise<DaemonSettingsOutcome> {
  return withLock(given, async (location) => {
    const prepared = await prepareRelease(location, claimant, false);
    const { daemonState, change: released, plan } = prepared;
    const { settled, ledgerFile, page } = daemonState;
    if (!released.hasClaims || !plan.restartNeeded) {
      await reconcileLeftover(location, page);
      const isUnchanged = !released.hasClaims && page.duringRestart === undefined;
      if (!isUnchanged) {
        await writePage(location, ledgerFile, notePage(released.page, undefined));
      }
      return { ...plan, restarted: false };
    }
    announce(plan);
    // The claim stays until the engine is back, so that after a crash the next release goes on from there.
    const texts = { fallback: settled, metrics: undefined };
    return around(async () => {
      const note = await restartWith(location, prepared, texts, page);
      if (note !== undefined) await reconcile(location, ledgerFile, page, note);
      await writePage(location, ledgerFile, released.page);
      return { ...plan, restarted: true };
    });
  });
}

/** Reads what is set now, to notice changes made by hand. */
export async function readDaemonSettings(
  given: EngineLocation,
  claimant: string,
): Promise<DaemonSettingsNow> {
  const location = await followDaemonJson(given);
  const { keys, page, facts } = await readDaemonState(location, true);
  const address = tryReadMetricsAddress(keys);
  const metricsAnswer =
    address !== undefined && (await findMetricsProblem(location, address, facts.id)) === undefined;
  return {
    metricsAddress: keys["metrics-addr"],
    experimental: keys["experimental"],
    metricsAnswer,
    isClaimed: page.keys["metrics-addr"]?.claimants.includes(claimant) ?? false,
  };
}

/** Restarts with a note in the ledger, and takes the note back when that failed. */
async function restartWith(
  location: EngineLocation,
  { daemonState, plan, restart }: PreparedChange,
  texts: Pick<ChangeAndRestart, "fallback" | "metrics">,
  page: FileLedger,
): Promise<TemporaryKeys | undefined> {
  const { file, facts, ledgerFile } = daemonState;
  let note = daemonState.page.duringRestart;
  // First the ledger, so that a crash after the next step leaves a note of what was there before.
  const takeNote = (taken: TemporaryKeys | undefined): Promise<void> => {
    note = taken;
    return writePage(location, ledgerFile, notePage({ ...page, restartPending: true }, taken));
  };
  await takeNote(note);
  try {
    await changeAndRestart(location, {
      ...texts,
      file,
      after: plan.after,
      engineId: facts.id,
      restart: restart ?? { keys: {}, switchesOn: false },
      takeNote,
    });
  } catch (thrown) {
    const left = thrown instanceof ChangeFailure ? thrown.note : daemonState.page.duringRestart;
    // Should this fail as well, the note of a pending restart makes the next run repair it.
    await restoreLedger(location, daemonState, left).catch(() => undefined);
    throw thrown;
  }
  return note;
}

/** Takes out what an earlier run, cut short, has left in daemon.json. */
async function reconcileLeftover(location: EngineLocation, page: FileLedger): Promise<void> {
  if (page.duringRestart !== undefined) await reconcileDaemonJson(location, page.duringRestart);
}

/** The restart is over: what was there for its time goes, with a note in the ledger until it has gone. */
async function reconcile(
  location: EngineLocation,
  ledgerFile: LedgerFile,
  page: FileLedger,
  note: TemporaryKeys,
): Promise<void> {
  await writePage(location, ledgerFile, notePage(page, note));
  await reconcileDaemonJson(location, note);
}

function notePage(page: FileLedger, note: TemporaryKeys | undefined): FileLedger {
  const { duringRestart: _replaced, ...rest } = page;
  return note === undefined ? rest : { ...rest, duringRestart: note };
}

async function restoreLedger(
  location: EngineLocation,
  { ledgerFile, page }: DaemonState,
  note: TemporaryKeys | undefined,
): Promise<void> {
  if (note === undefined) await restoreLedgerFile(location, ledgerFile);
  else await writePage(location, ledgerFile, notePage(page, note));
}

async function withLock<T>(
  given: EngineLocation,
  work: (location: EngineLocation) => Promise<T>,
): Promise<T> {
  await given.host.makeFolder(given.stateFolder, 0o700);
  const release = await given.host.holdLock(`${given.stateFolder}/lock`, lockWaitSeconds);
  try {
    return await work(await followDaemonJson(given));
  } finally {
    await release();
  }
}

/** The text to go back to when the engine does not take the new one. */
function findFallback(
  { before, after }: Pick<DaemonSettingsPlan, "before" | "after">,
  { keys, textBefore, textWritten }: FileLedger,
  claimant: string,
): string | undefined {
  // If an earlier run was killed before the engine took its text, the way back is to before that run.
  const isOwnLeftover = before === after && textWritten === before && textBefore !== undefined;
  const isShared = Object.values(keys).some(({ claimants }) =>
    claimants.some((name) => name !== claimant),
  );
  return isOwnLeftover && !isShared ? (textBefore ?? undefined) : before;
}

function writePage(
  location: EngineLocation,
  ledgerFile: LedgerFile,
  page: FileLedger,
): Promise<void> {
  const ledger = replaceFileLedger(ledgerFile.ledger, location.daemonJsonPath, page);
  return writeLedgerFile(location, ledgerFile, ledger);
}
