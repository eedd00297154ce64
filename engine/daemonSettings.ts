import { changeAndRestart } from "./changeAndRestart";
import { isSameValue } from "./daemonJsonEdit";
import type { EngineLocation } from "./engineLocation";
import { findMetricsProblem, rejectTakenAddress } from "./engineProbe";
import { replaceFileLedger, type FileLedger } from "./ledger";
import { restoreLedgerFile, writeLedgerFile, type LedgerFile } from "./ledgerFile";
import {
  prepareClaim,
  prepareRelease,
  type DaemonSettingsPlan,
  type WantedDaemonSettings,
} from "./prepareChange";
import { readSituation, tryReadMetricsAddress } from "./situation";

/** What was done. */
export interface DaemonSettingsOutcome extends DaemonSettingsPlan {
  /** Whether the engine was restarted, and with it its containers unless live-restore is set. */
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
  const { plan } = await prepareClaim(location, wanted, true);
  return plan;
}

/**
 * Makes the engine offer its measurements: edits daemon.json, restarts the engine if there is anything new, and waits
 * for `/metrics`. Repairs what a crash of an earlier run left behind. Puts everything back when it fails.
 *
 * @throws EngineSettingsError when it is refused, or when it failed and was undone
 */
export async function applyDaemonSettings(
  location: EngineLocation,
  wanted: WantedDaemonSettings,
): Promise<DaemonSettingsOutcome> {
  return withLock(location, async () => {
    const { situation, change, plan, address } = await prepareClaim(location, wanted, false);
    const { file, ledgerFile, page, keys, facts } = situation;
    if (!plan.restartNeeded) {
      if (!isSameValue(page, change.page)) await writePage(location, ledgerFile, change.page);
      return { ...plan, restarted: false };
    }
    await rejectTakenAddress(location, address, tryReadMetricsAddress(keys), facts.id);
    const fallback = findFallback(plan, page, wanted.claimant);
    // First the ledger, so that a crash after the next step leaves a note of what was there before.
    await writePage(location, ledgerFile, { ...change.page, restartPending: true });
    try {
      const { after } = plan;
      const metrics = address;
      await changeAndRestart(location, { file, after, fallback, metrics, engineId: facts.id });
    } catch (thrown) {
      // Should this fail as well, the note of a pending restart makes the next run repair it.
      await restoreLedgerFile(location, ledgerFile).catch(() => undefined);
      throw thrown;
    }
    await writePage(location, ledgerFile, change.page);
    return { ...plan, restarted: true };
  });
}

/** What releasing would do; changes nothing. */
export async function planDaemonSettingsRelease(
  location: EngineLocation,
  claimant: string,
): Promise<DaemonSettingsPlan> {
  const { plan } = await prepareRelease(location, claimant, true);
  return plan;
}

/**
 * Gives up a claimant's claims. The last claimant's release puts back what was there before the first claim, byte for
 * byte if nobody else has edited the file since, and restarts the engine. Values that others have set since stay.
 */
export async function releaseDaemonSettings(
  location: EngineLocation,
  claimant: string,
): Promise<DaemonSettingsOutcome> {
  return withLock(location, async () => {
    const { situation, change: released, plan } = await prepareRelease(location, claimant, false);
    const { file, ledgerFile, page, facts } = situation;
    if (!released.hasClaims) return { ...plan, restarted: false };
    if (plan.restartNeeded) {
      // The claim stays until the engine is back, so that after a crash the next release goes on from there.
      await writePage(location, ledgerFile, { ...page, restartPending: true });
      const change = { file, after: plan.after, fallback: file.text };
      try {
        await changeAndRestart(location, { ...change, metrics: undefined, engineId: facts.id });
      } catch (thrown) {
        // Should this fail as well, the note of a pending restart makes the next run repair it.
        await restoreLedgerFile(location, ledgerFile).catch(() => undefined);
        throw thrown;
      }
    }
    await writePage(location, ledgerFile, released.page);
    return { ...plan, restarted: plan.restartNeeded };
  });
}

/** Reads what is set now, to notice changes that were made behind our back. */
export async function readDaemonSettings(
  location: EngineLocation,
  claimant: string,
): Promise<DaemonSettingsNow> {
  const { keys, page, facts } = await readSituation(location, true);
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

async function withLock<T>(location: EngineLocation, work: () => Promise<T>): Promise<T> {
  await location.host.makeFolder(location.stateFolder, 0o700);
  const release = await location.host.holdLock(`${location.stateFolder}/lock`, lockWaitSeconds);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** The text to go back to when the engine does not take the new one. */
function findFallback(
  { before, after }: DaemonSettingsPlan,
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
