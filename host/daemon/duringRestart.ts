import { z } from "zod";
import { type DaemonKeys, readKeys } from "./daemonJson";
import { isSameValue, mergeKeys, removeOrRestoreKeys } from "./daemonJsonEdit";
import { previousValue } from "./previousValue";

/** What the ledger notes about keys that are in daemon.json for the time of a restart only. */
export const temporaryKeysSchema = z.object({
  keys: z.record(z.string(), z.object({ previous: previousValue })),
  /** The texts with these keys, exactly as they are written. */
  texts: z.array(z.string()),
  /** The text without them; `null` when there is to be no file. */
  settled: z.string().nullable(),
});

export type TemporaryKeys = z.infer<typeof temporaryKeysSchema>;

/** A daemon.json around a restart. */
export interface RestartTexts {
  /** For the restart itself. */
  readonly during: string;
  /** For the engine to switch live-restore off again: it ignores a key that is merely gone. */
  readonly windingDown: string;
  /** What makes a killed run leave a way back. */
  readonly note: TemporaryKeys;
}

/** Puts keys into a daemon.json for the time of a restart. */
export function buildRestartTexts(settled: string | undefined, keys: DaemonKeys): RestartTexts {
  const before = readKeys(settled);
  const previous = (key: string) =>
    Object.hasOwn(before, key) ? { value: before[key] } : { absent: true as const };
  const during = mergeKeys(settled, keys);
  const windingDown = buildWindingDown(settled, keys);
  return {
    during,
    windingDown,
    note: {
      keys: Object.fromEntries(Object.keys(keys).map((key) => [key, { previous: previous(key) }])),
      texts: [during, windingDown],
      settled: settled ?? null,
    },
  };
}

/** The text without the keys that a restart, cut short, has left in it. */
export function reconcileText(text: string | undefined, note: TemporaryKeys): string | undefined {
  if (text === undefined) return undefined;
  // Byte for byte, which key by key editing cannot promise for an empty file.
  if (note.texts.includes(text)) return note.settled ?? undefined;
  const now = readKeys(text);
  const written = note.texts.map((one) => readKeys(one));
  const isOurs = (key: string): boolean =>
    Object.hasOwn(now, key) && written.some((keys) => isSameValue(keys[key], now[key]));
  const putBack = Object.entries(note.keys)
    .filter(([key]) => isOurs(key))
    .map(([key, { previous }]) => [key, previous] as const);
  return removeOrRestoreKeys(text, Object.fromEntries(putBack));
}

function buildWindingDown(settled: string | undefined, keys: DaemonKeys): string {
  return mergeKeys(settled, "live-restore" in keys ? { "live-restore": false } : {});
}
