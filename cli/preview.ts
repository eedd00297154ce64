import { detectNetwork } from "./install/detectNetwork";
import { ensurePulumi } from "./install/ensurePulumi";
import { describeBlindness, findEngineSilence } from "./install/engineSilence";
import { findStackProblem } from "./findStackProblem";
import { policyPackFlags } from "./policyPack";
import { openPulumiSession, tryPulumi, type PulumiSession } from "./pulumiSession";
import { canRewrite } from "./progress/liveBlock";
import { runInTerminal } from "./run";
import { runQuietly } from "./runPulumiInTerminal";
import { SetupError } from "./setupError";
import { parseStackFile, rejectMissingStackFile } from "./stackFiles";
import type { UpOptions } from "./upOptions";
import { projectFolder } from "./versions";
import { withEmptyState } from "./withEmptyState";
import { withStackFileCopy } from "./withStackFileCopy";

/**
 * Shows what `npm run up` would change, and where the stack breaks a rule of `policy/`. Nothing of the host changes;
 * Pulumi is installed where it is missing.
 */
export async function preview(
  options: Pick<UpOptions, "stack" | "network" | "pulumiDownloads">,
): Promise<void> {
  const { network } = await detectNetwork(options.network);
  const program = await ensurePulumi({ network, pulumiDownloads: options.pulumiDownloads });
  const session = openPulumiSession(program);
  const selected = (await tryPulumi(session, "stack", "--show-name")).stdout.trim();
  const byNetwork = network === "internet" ? "dev" : "offline";
  const stack = options.stack ?? (selected === "" ? byNetwork : selected);
  rejectMissingStackFile(stack);
  // Before others read it, who would say so in the parser's words.
  parseStackFile(stack);
  const problem = await findStackProblem(session, stack);
  if (problem?.kind === "unreadable") throw new SetupError(problem.words);
  const engineProblem = await findEngineSilence(stack);
  for (const line of engineProblem === undefined ? [] : describeBlindness(engineProblem)) {
    console.log(line);
  }
  await withStackFileCopy(stack, (configFile) => {
    const flags = ["--config-file", configFile, `--refresh=${engineProblem === undefined}`];
    const show = (own: PulumiSession) => previewStack(own, stack, flags);
    return problem === undefined ? show(session) : withEmptyState(session, stack, configFile, show);
  });
}

/**
 * Runs `pulumi preview` with the policy pack, in this terminal.
 *
 * @throws SetupError when the stack breaks a rule, or the preview fails for another reason
 */
export async function previewStack(
  session: PulumiSession,
  stack: string,
  flags: readonly string[] = [],
): Promise<void> {
  const command = [session.program, "preview", "--stack", stack, ...policyPackFlags(), ...flags];
  const runPreview = canRewrite() ? runInTerminal : runQuietly;
  const exitCode = await runPreview(command, { cwd: projectFolder, env: session.env });
  if (exitCode === 0) return;
  throw new SetupError("The preview found problems, which are listed above. Nothing was changed.");
}
