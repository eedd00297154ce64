import { z } from "zod";
import { EngineSettingsError } from "./engineSettingsError";
import type { DaemonKeys } from "./daemonJson";
import { isSameValue } from "./daemonJsonEdit";
import { temporaryKeysSchema } from "./duringRestart";
import { previousValue, type PreviousValue } from "./previousValue";

const claimSchema = z.object({
  previous: previousValue,
  value: z.unknown(),
  claimants: z.array(z.string()).min(1),
});
const fileSchema = z.object({
  keys: z.record(z.string(), claimSchema),
  /** The whole text before the first claim; `null` when there was no file. */
  textBefore: z.string().nullable().optional(),
  /** The text as last written by us: as long as the file is still the same, it was not edited. */
  textWritten: z.string().optional(),
  /** Set while the file is written and the engine restarted: if it is still set later, that was cut short. */
  restartPending: z.boolean().optional(),
  /** Set as long as daemon.json may hold keys that are meant for a restart only. */
  duringRestart: temporaryKeysSchema.optional(),
});
const ledgerSchema = z.object({ version: z.literal(1), files: z.record(z.string(), fileSchema) });

/** Who claims which key of which daemon.json, and what was there before. */
export type Ledger = z.infer<typeof ledgerSchema>;
/** The ledger's page about one daemon.json. */
export type FileLedger = z.infer<typeof fileSchema>;

export const emptyFileLedger: FileLedger = { keys: {} };

/**
 * Reads the ledger's text. A lost or malformed ledger must not block a host: it reads as empty, with `problem` set when
 * there was a text that made no sense.
 */
export function parseLedger(text: string | undefined): {
  readonly ledger: Ledger;
  readonly problem?: string;
} {
  const empty: Ledger = { version: 1, files: {} };
  if (text === undefined || text.trim() === "") return { ledger: empty };
  try {
    const parsed = ledgerSchema.safeParse(JSON.parse(text));
    if (parsed.success) return { ledger: parsed.data };
    return { ledger: empty, problem: z.prettifyError(parsed.error) };
  } catch (thrown) {
    return { ledger: empty, problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

export function renderLedger(ledger: Ledger): string {
  return `${JSON.stringify(ledger, undefined, 2)}\n`;
}

/** The ledger with another page for one daemon.json; an empty page is taken out. */
export function replaceFileLedger(ledger: Ledger, path: string, page: FileLedger): Ledger {
  const { [path]: _replaced, ...others } = ledger.files;
  const isEmpty = Object.keys(page.keys).length === 0 && page.duringRestart === undefined;
  const kept = isEmpty ? {} : { [path]: page };
  return { version: 1, files: { ...others, ...kept } };
}

/**
 * Enters claims for keys. The first claim of a key notes what the file held; the claims of others stay.
 *
 * @throws EngineSettingsError when another claimant holds one of the keys with another value
 */
export function claimKeys(
  page: FileLedger,
  current: DaemonKeys,
  desired: DaemonKeys,
  claimant: string,
): FileLedger {
  const keys = { ...page.keys };
  for (const [key, value] of Object.entries(desired)) {
    const claim = keys[key];
    const others = (claim?.claimants ?? []).filter((name) => name !== claimant);
    if (claim !== undefined && others.length > 0 && !isSameValue(claim.value, value)) {
      throw new EngineSettingsError(
        `"${key}" of this engine is held at ${JSON.stringify(claim.value)} by ${others.join(" and ")}, so ${claimant} cannot have ${JSON.stringify(value)}. An engine has one value for all: use the same one, or remove it from ${others.join(" and ")} first.`,
      );
    }
    keys[key] = {
      previous: claim?.previous ?? readPrevious(current, key),
      value,
      claimants: [...others, claimant].sort(),
    };
  }
  return { ...page, keys };
}

/**
 * Takes a claimant's claims out.
 *
 * @param kept keys that the claimant still wants
 * @returns the ledger's new page, and what to put back: keys without any claimant left whose value is still ours.
 *   A value that someone else has set since stays theirs
 */
export function releaseKeys(
  page: FileLedger,
  current: DaemonKeys,
  claimant: string,
  kept: readonly string[] = [],
): { readonly page: FileLedger; readonly putBack: Readonly<Record<string, PreviousValue>> } {
  const keys: FileLedger["keys"] = {};
  const putBack: Record<string, PreviousValue> = {};
  for (const [key, claim] of Object.entries(page.keys)) {
    const claimants = claim.claimants.filter((name) => name !== claimant || kept.includes(key));
    if (claimants.length > 0) keys[key] = { ...claim, claimants };
    else if (Object.hasOwn(current, key) && isSameValue(current[key], claim.value)) {
      putBack[key] = claim.previous;
    }
  }
  return { page: { ...page, keys }, putBack };
}

function readPrevious(current: DaemonKeys, key: string): PreviousValue {
  return Object.hasOwn(current, key) ? { value: current[key] } : { absent: true };
}
