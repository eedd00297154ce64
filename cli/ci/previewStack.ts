import { existsSync } from "node:fs";
import { basename } from "node:path";
import {
  buildFailedReport,
  buildReport,
  policyFailure,
  type StackReport,
} from "./report/buildReport";
import { parsePreview } from "./report/preview";
import type { PulumiSession } from "../pulumiSession";
import { lastLines, type RunResult } from "../run";
import { describeBlindness, findEngineSilence } from "../install/engineSilence";
import { findStackProblem } from "../findStackProblem";
import { findStackFile } from "../stackFiles";
import { withStackFileCopy } from "../withStackFileCopy";
import { runPreview } from "./runPreview";
import { withEmptyState } from "../withEmptyState";

/**
 * Previews one stack. Changes neither the host nor the stack's state; what could not be looked at is said in the report,
 * and a stack that cannot be previewed is one that failed.
 *
 * @param againstNothing whether to compare with an empty state, for those who may not see the stack's own
 */
export async function previewStack(
  session: PulumiSession,
  stack: string,
  againstNothing: boolean,
): Promise<StackReport> {
  const file = findStackFile(stack);
  if (!existsSync(file)) return buildFailedReport(stack, `There is no ${basename(file)}.`);
  const problem = againstNothing ? undefined : await findStackProblem(session, stack);
  if (problem?.kind === "unreadable") return buildFailedReport(stack, problem.words);
  const engineProblem = await findEngineSilence(stack);
  const refresh = engineProblem === undefined;
  const result = await withStackFileCopy(stack, (configFile) => {
    const preview = (own: PulumiSession) => runPreview(own, { stack, configFile, refresh });
    return againstNothing || problem !== undefined
      ? withEmptyState(session, stack, configFile, preview)
      : preview(session);
  });
  const unknowns = [
    ...(againstNothing
      ? ["What is deployed: this preview compares with nothing, so everything is new in it."]
      : problem !== undefined
        ? ["The stack is not deployed yet, so everything is new."]
        : []),
    ...(engineProblem === undefined ? [] : describeBlindness(engineProblem)),
  ];
  return buildStackReport(stack, result, { unknowns, isHostSeen: refresh });
}

function buildStackReport(
  stack: string,
  { exitCode, stdout, stderr }: RunResult,
  circumstances: { unknowns: string[]; isHostSeen: boolean },
): StackReport {
  const preview = parsePreview(stdout);
  const report = buildReport(stack, preview, circumstances);
  if (exitCode === 0) return report;
  // Without any event Pulumi did not even start: no backend, another passphrase, a lock.
  const hasOwnWords = preview.diagnostics.some(({ severity }) => severity === "error");
  const said = hasOwnWords && report.failure !== undefined ? report.failure : lastLines(stderr, 20);
  const violated = report.violations.length > 0 ? policyFailure : "";
  return {
    ...report,
    failure: said.trim() || violated || `Pulumi ended with exit code ${exitCode}.`,
  };
}
