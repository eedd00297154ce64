import type { StackReport } from "./report/buildReport";
import { findExitCode, type Gate } from "./report/exitCode";
import { renderJson } from "./report/renderJson";
import { renderMarkdown } from "./report/renderMarkdown";
import { SetupError } from "../setupError";
import { findStacks } from "./listStacks";
import { openCiSession, type SessionOptions } from "./openSession";
import { previewStack } from "./previewStack";
import { writeReport } from "./writeReport";

export interface CiPreviewOptions extends SessionOptions {
  /** Names with commas between them. Default: every stack whose file is committed. */
  readonly stack: string | undefined;
  readonly json: boolean;
  readonly to: string | undefined;
  readonly failOn: string | undefined;
  readonly againstNothing: boolean;
}

/**
 * Says what a deployment would change, for a reviewer.
 *
 * @returns the exit code, see `report/exitCode.ts`
 */
export async function ciPreview(options: CiPreviewOptions): Promise<number> {
  const gate = readGate(options.failOn);
  const session = await openCiSession(options);
  const stacks = await findStacks(options.stack);
  const reports: StackReport[] = [];
  // One after the other: two previews of one host would look at it at the same time.
  for (const stack of stacks) {
    reports.push(await previewStack(session, stack, options.againstNothing));
  }
  writeReport(options.json ? renderJson(reports) : renderMarkdown(reports), options.to);
  return findExitCode(reports, gate);
}

function readGate(value: string | undefined): Gate {
  if (value === undefined || value === "risky" || value === "changes") return value;
  throw new SetupError(`--fail-on must be risky or changes, got ${value}`);
}
