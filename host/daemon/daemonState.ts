import type { DaemonKeys } from "./daemonJson";
import { detectEngine, type EngineFacts } from "../docker/detectEngine";
import { readMessage } from "./engineSettingsError";
import type { EngineLocation } from "./engineLocation";
import type { HostFile } from "../access/hostAccess";
import { emptyFileLedger, type FileLedger } from "./ledger";
import { findLedgerPath, readLedgerFile, type LedgerFile } from "./ledgerFile";
import { readMetricsAddress, type MetricsAddress } from "./metricsAddress";
import { reconcileText } from "./duringRestart";
import { readDaemonKeys } from "./rejectDaemonJson";

/** Everything that a decision about an engine's settings rests on. */
export interface DaemonState {
  readonly facts: EngineFacts;
  readonly file: HostFile;
  /** The file's text without keys that a restart, cut short, has left in it. */
  readonly settled: string | undefined;
  /** The keys of that text. */
  readonly keys: DaemonKeys;
  readonly ledgerFile: LedgerFile;
  /** The ledger's page about this daemon.json. */
  readonly page: FileLedger;
  readonly warnings: readonly string[];
}

/**
 * Reads the engine, its settings file and the ledger.
 *
 * @param isPreview a preview may run without root's rights, and then goes on without the ledger
 * @throws EngineSettingsError when daemon.json is nothing that can be edited safely
 */
export async function readDaemonState(
  location: EngineLocation,
  isPreview: boolean,
): Promise<DaemonState> {
  const { host, daemonJsonPath } = location;
  const warnings: string[] = [];
  const [facts, file, ledgerFile] = await Promise.all([
    detectEngine(location),
    host.readFile(daemonJsonPath),
    readLedgerFile(location).catch((thrown: unknown): LedgerFile => {
      if (!isPreview) throw thrown;
      warnings.push(
        `The ledger of engine settings could not be read, so this preview knows nothing of other stacks' claims: ${readMessage(thrown)}`,
      );
      return { ledger: { version: 1, files: {} }, text: undefined, problem: undefined };
    }),
  ]);
  if (ledgerFile.problem !== undefined) {
    warnings.push(
      `${findLedgerPath(location)} is malformed and taken as empty: values found now count as the ones to put back. It is kept as ${findLedgerPath(location)}.unreadable.`,
    );
  }
  readDaemonKeys(file, daemonJsonPath);
  const page = ledgerFile.ledger.files[daemonJsonPath] ?? emptyFileLedger;
  const note = page.duringRestart;
  const settled = note === undefined ? file.text : reconcileText(file.text, note);
  const keys = readDaemonKeys({ ...file, text: settled }, daemonJsonPath);
  return { facts, file, settled, keys, ledgerFile, page, warnings };
}

/** The metrics address in a daemon.json; `undefined` when there is none or it makes no sense. */
export function tryReadMetricsAddress(keys: DaemonKeys): MetricsAddress | undefined {
  const value = keys["metrics-addr"];
  try {
    return typeof value === "string" ? readMetricsAddress(value) : undefined;
  } catch {
    return undefined;
  }
}
