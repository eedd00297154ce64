import { dateTime, type RawTimeRange, rangeUtil, type TimeRange } from "@grafana/data";

/** A range from the texts of an address: `now-15m`, or milliseconds since 1970. */
export function readTimeRange(from: string, to: string): TimeRange {
  const range = rangeUtil.convertRawToRange({ from: readEnd(from), to: readEnd(to) });
  return range.from.isValid() && range.to.isValid()
    ? range
    : rangeUtil.convertRawToRange({ from: "now-1h", to: "now" });
}

function readEnd(text: string): RawTimeRange["from"] {
  return /^\d+$/.test(text) ? dateTime(Number(text)) : text;
}

/** The texts of a range for an address. */
export function renderTimeRange({ raw }: TimeRange): { from: string; to: string } {
  const render = (end: RawTimeRange["from"]) =>
    typeof end === "string" ? end : String(end.valueOf());
  return { from: render(raw.from), to: render(raw.to) };
}

/** The range moved by halves of itself (-1: back, 1: forth), or twice as long (0). */
export function shiftTimeRange({ from, to }: TimeRange, direction: -1 | 0 | 1) {
  const half = (to.valueOf() - from.valueOf()) / 2;
  const start = from.valueOf() + direction * half - (direction === 0 ? half : 0);
  const end = to.valueOf() + direction * half + (direction === 0 ? half : 0);
  return { from: String(Math.round(start)), to: String(Math.round(Math.min(end, Date.now()))) };
}
