/** The middle of some values and how far they reach. */
export interface Spread {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

/** @returns undefined for no values at all */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [minimum] = sorted;
  const maximum = sorted.at(-1);
  if (minimum === undefined || maximum === undefined) return undefined;
  const middle = sorted.length / 2;
  const around = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return {
    minimum,
    median: around.reduce((sum, value) => sum + value, 0) / around.length,
    maximum,
  };
}

/**
 * How many times as long as another one, round by round: what slows a whole round down is in both and falls out.
 *
 * @param ours values by round; so is `theirs`
 */
export function ratiosOf(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.flatMap((value, round) => {
    const other = theirs[round];
    return other === undefined || other === 0 ? [] : [value / other];
  });
}
