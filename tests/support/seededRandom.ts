import { randomInt } from "node:crypto";

/**
 * Random numbers from 0 to 1 that a seed repeats (mulberry32). The seed is printed, and taken from GLASSHOUSE_TEST_SEED
 * where that is set.
 */
export function seededRandom(purpose: string): () => number {
  const seed = Number(process.env["GLASSHOUSE_TEST_SEED"] ?? randomInt(2 ** 31));
  console.log(`${purpose}: GLASSHOUSE_TEST_SEED=${seed} repeats these moments`);
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
