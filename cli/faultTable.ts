import { existsSync, readFileSync } from "node:fs";

/** What one test of the fault suite observed. */
export interface FaultRow {
  readonly fault: string;
  /** What the user sees of it, in the product's own words where there are any. */
  readonly sees: string;
  /** What is as it was afterwards. */
  readonly kept: string;
}

/** Names the file that the tests add their rows to, one JSON document per line. */
export const faultTableVariable = "GLASSHOUSE_FAULT_TABLE";

export function readFaultTable(file: string): FaultRow[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as FaultRow);
}

/** The rows for a terminal. */
export function renderFaultTable(rows: readonly FaultRow[]): string {
  return rows
    .map(({ fault, sees, kept }) => `${fault}\n  the user sees: ${sees}\n  kept: ${kept}`)
    .join("\n");
}
