import { SetupError } from "../cli/setupError";
import { peerIds, type PeerId } from "./peers/peer";
import { type RowId, rows } from "./rows/rows";

export interface BenchOptions {
  readonly rounds: number;
  readonly rows: readonly RowId[];
  readonly peers: readonly PeerId[];
  /** Draws the picture of where the time goes, and measures nothing else. */
  readonly trace: boolean;
  /** Whether all rows of all peers are measured: only such a run is kept. */
  readonly isWhole: boolean;
}

/** The command line's words, as they were given. */
export interface BenchWords {
  readonly rounds: string | undefined;
  readonly only: string | undefined;
  readonly peers: string | undefined;
  readonly trace: boolean;
}

const defaultRounds = 3;

/** @throws SetupError with what is allowed, for a word that is not */
export function parseBenchOptions({ rounds, only, peers, trace }: BenchWords): BenchOptions {
  const count = rounds === undefined ? defaultRounds : Number(rounds);
  if (!Number.isInteger(count) || count < 1 || count > 100) {
    throw new SetupError(`--rounds must be a whole number from 1 to 100, got ${String(rounds)}`);
  }
  return {
    rounds: count,
    rows: choose(
      "--only",
      rows.map(({ id }) => id),
      only,
      (row, word) => row.startsWith(word),
    ),
    peers: choose("--peers", peerIds, peers, (peer, word) => peer === word),
    trace,
    isWhole: only === undefined && peers === undefined && !trace,
  };
}

function choose<T extends string>(
  flag: string,
  all: readonly T[],
  words: string | undefined,
  matches: (value: T, word: string) => boolean,
): readonly T[] {
  if (words === undefined) return all;
  const wanted = words.split(",").map((word) => word.trim());
  const unknown = wanted.filter((word) => word === "" || !all.some((one) => matches(one, word)));
  if (unknown.length > 0) {
    throw new SetupError(
      `${flag} must be of ${all.join(", ")}, or several of them with commas; got ${unknown.join(", ") || "nothing"}`,
    );
  }
  return all.filter((one) => wanted.some((word) => matches(one, word)));
}
