import { openStack } from "../openStack";
import { diagnose } from "./diagnose";
import { readFacts } from "./readFacts";
import { listFindings } from "./report";
import { renderReport, renderReportJson } from "./renderReport";

export interface DoctorOptions {
  /** Default: the stack that is selected. */
  readonly stack: string | undefined;
  /** Whether to print a JSON document, and nothing else, to standard output. */
  readonly json: boolean;
}

/**
 * Tells whether a stack is what was deployed, with the fix for each finding. Changes nothing.
 *
 * @returns the exit code: 0 when all is well, 1 with findings
 */
export async function doctor(options: DoctorOptions): Promise<0 | 1> {
  const { session, stack } = await openStack(options.stack);
  const report = diagnose(await readFacts(session, stack));
  console.log(options.json ? renderReportJson(report) : renderReport(report));
  return listFindings(report).length === 0 ? 0 : 1;
}
