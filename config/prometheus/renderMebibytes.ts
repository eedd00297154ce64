import { renderInUnits } from "./renderInUnits";

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
  return renderInUnits(mebibytes, units) || "0B";
}
