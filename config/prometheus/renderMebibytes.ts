const units = [
  ["TiB", 1_048_576],
  ["GiB", 1024],
  ["MiB", 1],
] as const;

/**
 * A size as Prometheus itself writes it, so that `/api/v1/status/config` shows the same text: 1536 is `1GiB512MiB`.
 * It reads `MB` as MiB too, but never writes it.
 */
export function renderMebibytes(mebibytes: number): string {
  let rest = mebibytes;
  let text = "";
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    text += count > 0 ? `${count}${unit}` : "";
  }
  return text === "" ? "0B" : text;
}
