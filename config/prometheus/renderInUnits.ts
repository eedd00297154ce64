/** A unit's name, and how many of the smallest ones it holds. */
export type Unit = readonly [name: string, size: number];

/**
 * An amount as Prometheus itself writes it: whole numbers of each unit, without those that are zero.
 *
 * @param units the largest first, the last one of size 1
 * @returns an empty text for zero
 */
export function renderInUnits(amount: number, units: readonly Unit[]): string {
  let rest = amount;
  let text = "";
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    text += count > 0 ? `${count}${unit}` : "";
  }
  return text;
}
