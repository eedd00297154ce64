import type { EngineLocation } from "./engineLocation";
import { parseLedger, renderLedger, type Ledger } from "./ledger";

/** The ledger as found on the host. */
export interface LedgerFile {
  readonly ledger: Ledger;
  readonly text: string | undefined;
  /** Why a ledger that is there could not be used; `undefined` when it could. */
  readonly problem: string | undefined;
}

export function findLedgerPath({ stateFolder }: EngineLocation): string {
  return `${stateFolder}/daemon-settings.json`;
}

export async function readLedgerFile(location: EngineLocation): Promise<LedgerFile> {
  const { text } = await location.host.readFile(findLedgerPath(location));
  const { ledger, problem } = parseLedger(text);
  return { ledger, text, problem };
}

/**
 * Writes the ledger for root alone, because it holds a copy of daemon.json. One that could not be understood is kept
 * aside for a person to look at.
 */
export async function writeLedgerFile(
  location: EngineLocation,
  found: LedgerFile,
  ledger: Ledger,
): Promise<void> {
  const path = findLedgerPath(location);
  const text = renderLedger(ledger);
  await location.host.makeFolder(location.stateFolder, 0o700);
  if (found.problem !== undefined && found.text !== undefined) {
    await location.host.writeFileAtomically(`${path}.unreadable`, found.text, 0o600);
  }
  await location.host.writeFileAtomically(path, text, 0o600);
}

/** Puts the ledger back as it was found. */
export async function restoreLedgerFile(
  location: EngineLocation,
  found: LedgerFile,
): Promise<void> {
  const path = findLedgerPath(location);
  if (found.text === undefined) await location.host.removeFile(path);
  else await location.host.writeFileAtomically(path, found.text, 0o600);
}
