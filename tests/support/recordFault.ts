import { appendFileSync } from "node:fs";
import { faultTableVariable, renderFaultTable, type FaultRow } from "../../cli/faultTable";

/** Adds a row to the table that ends a run of the fault suite. To be called after a test's last expectation. */
export function recordFault(row: FaultRow): void {
  const file = process.env[faultTableVariable];
  if (file === undefined) console.log(renderFaultTable([row]));
  else appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/**
 * The first line of a command's output that matches, for a row of the table.
 *
 * @throws Error when none does
 */
export function quote(output: string, pattern: RegExp): string {
  const line = output.split("\n").find((text) => pattern.test(text));
  if (line === undefined) throw new Error(`nothing matches ${String(pattern)} in:\n${output}`);
  // Pulumi puts the resource before it.
  return line.replace(/^.*?(\berror: +|:Stack \S+ running )/, "").trim();
}
