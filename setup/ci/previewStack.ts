import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildFailedReport, buildReport, type StackReport } from "../../report/buildReport";
import { parsePreview } from "../../report/preview";
import { type PulumiSession, tryPulumi } from "../pulumiSession";
import { lastLines, type RunResult } from "../run";
import { projectFolder } from "../versions";
import { withStackFileCopy } from "../withStackFileCopy";
import { findEngineProblem } from "./findEngineProblem";
import { runPreview } from "./runPreview";
import { withEmptyState } from "./withEmptyState";

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
  if (!existsSync(join(projectFolder, `Pulumi.${stack}.yaml`))) {
    return buildFailedReport(stack, `There is no Pulumi.${stack}.yaml.`);
  }
  const problem = againstNothing ? undefined : await findStackProblem(session, stack);
  if (problem?.kind === "unreadable") return buildFailedReport(stack, problem.words);
  const engineProblem = await findEngineProblem(stack);
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
  const violated = report.violations.length > 0 ? "A policy forbids it." : "";
  return {
    ...report,
    failure: said.trim() || violated || `Pulumi ended with exit code ${exitCode}.`,
  };
}

function describeBlindness(engineProblem: string): string[] {
  return [
    `The engine gives no sign of life (${engineProblem}).`,
    "So nothing on the host was looked at: what others changed there by hand, its daemon.json, ports that are taken, images that it holds. The changes below are against what the last update noted down.",
  ];
}

async function findStackProblem(
  session: PulumiSession,
  stack: string,
): Promise<{ kind: "missing" | "unreadable"; words: string } | undefined> {
  const { exitCode, stderr } = await tryPulumi(
    session,
    ...["stack", "--show-ids", "--stack", stack, "--non-interactive"],
  );
  if (exitCode === 0) return undefined;
  const words = lastLines(stderr, 20);
  return { kind: /no stack named/i.test(stderr) ? "missing" : "unreadable", words };
}
