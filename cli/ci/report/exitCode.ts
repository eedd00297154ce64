import { hasChanges, isRisky, type StackReport } from "./buildReport";

/** What makes a gate close. */
export type Gate = "risky" | "changes" | undefined;

/** Exit codes of `npm run ci:preview`; docs/ci.md has them for users. */
const exitCodes = { fine: 0, failed: 1, changes: 2, risky: 3 } as const;

/** A failure outweighs everything, a risk outweighs an everyday change. */
export function findExitCode(reports: readonly StackReport[], gate: Gate): number {
  if (reports.some(({ failure }) => failure !== undefined)) return exitCodes.failed;
  if (gate !== undefined && reports.some(isRisky)) return exitCodes.risky;
  if (gate === "changes" && reports.some(hasChanges)) return exitCodes.changes;
  return exitCodes.fine;
}
