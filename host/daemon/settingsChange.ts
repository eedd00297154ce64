import { type DaemonKeys, readKeys } from "./daemonJson";
import { mergeKeys, removeOrRestoreKeys } from "./daemonJsonEdit";
import { claimKeys, releaseKeys, type FileLedger } from "./ledger";

/** What is to become of a daemon.json and of its page in the ledger. */
export interface SettingsChange {
  /** The text to be; `undefined` when there is to be no file. */
  readonly after: string | undefined;
  readonly page: FileLedger;
  /** Whether the claimant holds, or held, anything. */
  readonly hasClaims: boolean;
}

/**
 * A claimant wants exactly these keys: claims for others, from an earlier wish, are given up.
 *
 * @throws EngineSettingsError when another claimant holds one of the keys with another value
 */
export function buildClaimChange(
  before: string | undefined,
  page: FileLedger,
  desired: DaemonKeys,
  claimant: string,
): SettingsChange {
  const current = readKeys(before);
  const givenUp = releaseKeys(page, current, claimant, Object.keys(desired));
  const kept = before === undefined ? "" : removeOrRestoreKeys(before, givenUp.putBack);
  const claimed = claimKeys(givenUp.page, readKeys(kept), desired, claimant);
  const merged = mergeKeys(kept, desired);
  // Nothing wanted and no file: none is made.
  const after = merged === "" ? before : merged;
  return { after, page: noteTexts(page, claimed, before, after), hasClaims: true };
}

/** A claimant wants nothing any more. The last one out leaves the file as it was before the first one came. */
export function buildReleaseChange(
  before: string | undefined,
  page: FileLedger,
  claimant: string,
): SettingsChange {
  const hasClaims = Object.values(page.keys).some((claim) => claim.claimants.includes(claimant));
  if (!hasClaims) return { after: before, page, hasClaims };
  const released = releaseKeys(page, readKeys(before), claimant);
  const isLast = Object.keys(released.page.keys).length === 0;
  if (isLast && page.textBefore !== undefined && page.textWritten === before) {
    // Nobody else has edited it: byte for byte, which key by key editing cannot promise for an empty file.
    return { after: page.textBefore ?? undefined, page: { keys: {} }, hasClaims };
  }
  if (before === undefined) {
    return { after: before, page: noteTexts(page, released.page, before, before), hasClaims };
  }
  const edited = removeOrRestoreKeys(before, released.putBack);
  const isOursAndEmpty =
    isLast && page.textBefore === null && Object.keys(readKeys(edited)).length === 0;
  const after = isOursAndEmpty ? undefined : edited;
  return { after, page: noteTexts(page, released.page, before, after), hasClaims };
}

function noteTexts(
  found: FileLedger,
  page: FileLedger,
  before: string | undefined,
  after: string | undefined,
): FileLedger {
  const rest: FileLedger = { keys: page.keys };
  if (Object.keys(page.keys).length === 0) return { keys: {} };
  const textWritten = after === undefined ? {} : { textWritten: after };
  if (Object.keys(found.keys).length === 0) {
    return { ...rest, textBefore: before ?? null, ...textWritten };
  }
  if (found.textBefore === undefined) return rest;
  // The second case is a crash after the ledger was written and before the file was.
  const isUnedited = before === found.textWritten || (before ?? null) === found.textBefore;
  return { ...rest, textBefore: found.textBefore, ...(isUnedited ? textWritten : {}) };
}
