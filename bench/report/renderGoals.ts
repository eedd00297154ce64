import type { BenchResult } from "./benchResult";
import { findGoals } from "./findGoals";
import { nothing, renderTable } from "./renderTable";

/** What a run reached of the goals, as Markdown. */
export function renderGoals(result: BenchResult): string {
  return [
    `By the run of ${result.date.slice(0, 10)}:`,
    renderTable(
      ["goal", "measured", "reached"],
      findGoals(result).map(({ goal, outcome }) =>
        outcome === undefined
          ? [goal, "not measured", nothing]
          : [goal, outcome.words, outcome.isReached ? "yes" : "no"],
      ),
    ),
  ].join("\n\n");
}
