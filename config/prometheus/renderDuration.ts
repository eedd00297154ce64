import { renderInUnits } from "./renderInUnits";

const units = [
  ["h", 3600],
  ["m", 60],
  ["s", 1],
] as const;

/**
 * A duration as Prometheus itself writes it, so that `/api/v1/status/config` shows the same text:
 * 100 is `1m40s`.
 */
export function renderDuration(seconds: number): string {
  return renderInUnits(seconds, units) || "0s";
}
