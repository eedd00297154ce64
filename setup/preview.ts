import { detectNetwork } from "./detectNetwork";
import { ensurePulumi } from "./ensurePulumi";
import { ensureStack } from "./ensureStack";
import { policyPackFlags } from "./policyPack";
import { openPulumiSession, tryPulumi, type PulumiSession } from "./pulumiSession";
import { runInTerminal } from "./run";
import { SetupError } from "./setupError";
import type { UpOptions } from "./up";
import { projectFolder } from "./versions";

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
  await ensureStack(session, stack);
  await previewStack(session, stack);
}

/**
 * Runs `pulumi preview` with the policy pack, in this terminal.
 *
 * @throws SetupError when the stack breaks a rule, or the preview fails for another reason
 */
export async function previewStack(session: PulumiSession, stack: string): Promise<void> {
  const command = [session.program, "preview", "--stack", stack, ...policyPackFlags()];
  const exitCode = await runInTerminal(command, { cwd: projectFolder, env: session.env });
  if (exitCode === 0) return;
  throw new SetupError(
    "The preview found what has to be put right; it stands above. Nothing was changed.",
  );
}
