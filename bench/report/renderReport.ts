import { peerIds, type PeerId } from "../peers/peer";
import { rows, type Row } from "../rows/rows";
import type { BenchResult, Phase, RowValues } from "./benchResult";
import { nothing, renderNumber, renderTable } from "./renderTable";
import { ratiosOf, spreadOf, type Spread } from "./statistics";

const ours: PeerId = "glasshouse";

/** A run as Markdown, beside what was kept of an earlier one. */
export function renderReport(result: BenchResult, kept: BenchResult | undefined): string {
  return [
    renderTable(["run", ""], [...runLines(result), ...peerLines(result)]),
    ...(isNoisy(result) ? ["The machine was **not quiet**: the values are too high."] : []),
    "Values: median (minimum–maximum) of the rounds. Change: of our median, against the run that was kept before" +
      `${kept === undefined ? "; there is none" : ` (${kept.date.slice(0, 10)})`}.`,
    renderTable(["", "unit", ...shownPeers(result), "change"], valueLines(result, kept)),
    ...renderRatios(result),
    ...(result.upPhases ? renderPhases(result.upPhases) : []),
  ].join("\n\n");
}

function runLines({ date, rounds, machine }: BenchResult): string[][] {
  const { cores, memoryGb, system, node, engine, loadBefore } = machine;
  return [
    ["date", `${date.slice(0, 16).replace("T", " ")} UTC`],
    ["rounds", String(rounds)],
    ["machine", `${cores} cores, ${memoryGb} GB, ${system}`],
    ["load before it", loadBefore.toFixed(1)],
    ["Node.js", node],
    ["Docker Engine", engine],
  ];
}

function isNoisy({ machine: { loadBefore } }: BenchResult): boolean {
  return loadBefore > 0.5;
}

function peerLines({ peers }: BenchResult): string[][] {
  return peerIds.flatMap((id) => {
    const peer = peers[id];
    if (peer === undefined) return [];
    if (!("title" in peer)) return [[id, `not measured: ${peer.missing}`]];
    const failure = peer.failed === undefined ? "" : `; it failed in ${peer.failed}`;
    const less = peer.isSlow ? "; 1 → 50 replicas in place of 200, 3 → 30 → 3 in one round" : "";
    return [[id, `${peer.title}${less}${failure}`]];
  });
}

function shownPeers({ peers }: BenchResult): PeerId[] {
  return peerIds.filter((id) => {
    const peer = peers[id];
    return id === ours || (peer !== undefined && "title" in peer);
  });
}

function valueLines(result: BenchResult, kept: BenchResult | undefined): string[][] {
  return measuredRows(result).map(({ row, values }) => [
    row.title,
    row.unit,
    ...shownPeers(result).map((id) => renderSpread(spreadOf(values[id] ?? []))),
    renderChange(medianOf(values), medianOf(kept?.rows[row.id])),
  ]);
}

function renderRatios(result: BenchResult): string[] {
  const lines = ratioLines(result);
  if (lines.length === 0) return [];
  return [
    "Ours, divided by theirs in the same round: below 1 we are faster or smaller.",
    renderTable(["", ...shownPeers(result).slice(1)], lines),
  ];
}

function ratioLines(result: BenchResult): string[][] {
  return measuredRows(result).flatMap(({ row, values }) => {
    const cells = shownPeers(result)
      .slice(1)
      .map((id) => renderSpread(spreadOf(ratiosOf(values[ours] ?? [], values[id] ?? []))));
    return cells.every((cell) => cell === nothing) ? [] : [[row.title, ...cells]];
  });
}

function measuredRows({ rows: measured }: BenchResult): {
  row: Row<(typeof rows)[number]["id"]>;
  values: RowValues;
}[] {
  return rows.flatMap((row) => {
    const values = measured[row.id];
    return values === undefined ? [] : [{ row, values }];
  });
}

function medianOf(values: RowValues | undefined): number | undefined {
  return spreadOf(values?.[ours] ?? [])?.median;
}

/** By how much a value is larger than the one before, in percent. */
export function renderChange(now: number | undefined, before: number | undefined): string {
  if (now === undefined || before === undefined) return nothing;
  if (before === 0) return now === 0 ? "0 %" : `0 → ${renderNumber(now)}`;
  const percent = Math.round((now / before - 1) * 100);
  return `${percent > 0 ? "+" : ""}${percent} %`;
}

function renderSpread(spread: Spread | undefined): string {
  if (spread === undefined) return nothing;
  const { minimum, median, maximum } = spread;
  const [low, middle, high] = [minimum, median, maximum].map(renderNumber);
  return low === high ? `${middle}` : `${middle} (${low}–${high})`;
}

function renderPhases({ first, second }: NonNullable<BenchResult["upPhases"]>): string[] {
  const secondsIn = (phases: readonly Phase[], wanted: string) =>
    phases.find(({ title }) => title === wanted)?.seconds;
  const titles = [...new Set([...first, ...second].map(({ title }) => title))];
  return [
    "`npm run up` by phase, in seconds:",
    renderTable(
      ["", "fresh checkout", "again"],
      titles.map((title) => [
        title,
        ...[first, second].map((phases) => {
          const seconds = secondsIn(phases, title);
          return seconds === undefined ? nothing : renderNumber(seconds);
        }),
      ]),
    ),
  ];
}
