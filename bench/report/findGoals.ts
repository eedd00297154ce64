import { settingsSchema } from "../../config/settings/settings";
import type { PeerId } from "../peers/peer";
import { rows, type RowId } from "../rows/rows";
import type { BenchResult } from "./benchResult";
import { renderNumber } from "./renderTable";
import { ratiosOf, type Spread, spreadOf } from "./statistics";

/** What Glasshouse is to reach, and whether a run did. */
export interface Goal {
  readonly goal: string;
  /** Undefined when the run did not measure it. */
  readonly outcome: Outcome | undefined;
}

interface Outcome {
  /** What was measured, in words. */
  readonly words: string;
  readonly isReached: boolean;
}

const ours: PeerId = "glasshouse";
/** A stack that does not say otherwise scrapes as often; the bench does more often, to see what is missed. */
const { scrapeIntervalSeconds } = settingsSchema.parse({}).prometheus;

/** No tool's work, so that no tool can be ahead. */
const prometheusOwn: readonly RowId[] = ["chapter-job-reload"];

/** Compares a run with what was set as goals: medians, and ratios within the rounds. */
export function findGoals(result: BenchResult): Goal[] {
  const spread = (row: RowId) => spreadOf(result.rows[row]?.[ours] ?? []);
  return [
    goal("no-change preview under 1.5 s", isBelow(spread("chapter-preview"), 1.5)),
    goal("program load under 0.4 s", isBelow(spread("chapter-load"), 0.4)),
    goal(
      "first `up` at most 1.25 × compose",
      isWithin(ratioTo(result, "compose", "chapter-first-up"), 1.25),
    ),
    goal(
      "200 replicas at most 1.2 × the engine's slope",
      isWithin(ratioTo(result, "engine", "slope-replica"), 1.2),
    ),
    goal("three times ahead of Ansible on every row", isAhead(result, "ansible", 3)),
    goal("ahead of Terraform on every row", isAhead(result, "terraform", 1)),
    goal(
      `a changed scrape job live in under one interval (${scrapeIntervalSeconds} s), from the start of the command`,
      isBelow(spread("chapter-job-live"), scrapeIntervalSeconds),
    ),
    goal(
      "the same, from the signal to reload that follows when all files are in their places",
      isBelow(spread("chapter-job-reload"), scrapeIntervalSeconds),
    ),
    goal("no scrape missed meanwhile", isNone(spread("chapter-job-missed"))),
    goal("1,000 jobs checked and rendered in under 1 s", isBelow(spread("render-time"), 1)),
    goal(
      "node-exporter and cAdvisor at 50 containers under 2 % of one core",
      isBelow(spread("watch-cpu"), 2, "%"),
    ),
    goal("and under 150 MiB", isBelow(spread("watch-memory"), 150, "MiB")),
    goal("the page's Overview painted in under 2.5 s", isBelow(spread("page-paint"), 2.5)),
    goal(
      "at most 700 kB of compressed JavaScript before that",
      isBelow(spread("page-script"), 700, "kB"),
    ),
    goal(
      "the page's memory stays: less than 5 MiB more over ten minutes of refreshing",
      isBelow(spread("page-growth"), 5, "MiB"),
    ),
  ];
}

function goal(text: string, outcome: Outcome | undefined): Goal {
  return { goal: text, outcome };
}

function isBelow(spread: Spread | undefined, limit: number, unit = "s"): Outcome | undefined {
  if (spread === undefined) return undefined;
  return { words: `${renderNumber(spread.median)} ${unit}`, isReached: spread.median < limit };
}

function isNone(spread: Spread | undefined): Outcome | undefined {
  return spread && { words: String(spread.maximum), isReached: spread.maximum === 0 };
}

function isWithin(ratio: number | undefined, limit: number): Outcome | undefined {
  if (ratio === undefined) return undefined;
  return { words: `${renderNumber(ratio)} ×`, isReached: ratio <= limit };
}

function ratioTo({ rows: measured }: BenchResult, peer: PeerId, row: RowId): number | undefined {
  const { [ours]: mine = [], [peer]: theirs = [] } = measured[row] ?? {};
  return spreadOf(ratiosOf(mine, theirs))?.median;
}

/** @param times how many times as long or as much the other tool has to take on each row that both have */
function isAhead(result: BenchResult, peer: PeerId, times: number): Outcome | undefined {
  const ratios = rows
    .filter(({ id }) => !prometheusOwn.includes(id))
    .flatMap(({ id, title }) => {
      const ratio = ratioTo(result, peer, id);
      return ratio === undefined ? [] : [{ title, ratio }];
    })
    .sort((a, b) => b.ratio - a.ratio);
  const [worst] = ratios;
  if (worst === undefined) return undefined;
  const reached = ratios.filter(({ ratio }) => ratio < 1 / times).length;
  const isReached = reached === ratios.length;
  const words =
    `on ${reached} of ${ratios.length} rows` +
    (isReached ? "" : `; furthest from it: ${worst.title}, ${renderNumber(worst.ratio)} × theirs`);
  return { words, isReached };
}
