import { hasChanges, isRisky, type StackReport } from "./buildReport";
import { renderPlain } from "./words";

/** The same for programs. Fields are only ever added; `version` counts up if one has to change or go. */
export function renderJson(reports: readonly StackReport[]): string {
  const stacks = reports.map((report) => {
    const { stack, failure, changes, unknowns, warnings, violations, diffs, details } = report;
    return {
      stack,
      ok: failure === undefined,
      failure: failure ?? null,
      hasChanges: hasChanges(report),
      isRisky: isRisky(report),
      isFirstDeployment: report.isFirstDeployment,
      changes: changes.map(({ subject, words, risk }) => ({
        subject,
        text: renderPlain(words),
        risk: risk ?? null,
      })),
      unknowns,
      warnings,
      violations,
      diffs,
      details,
    };
  });
  return `${JSON.stringify({ version: 1, stacks }, undefined, 2)}\n`;
}
