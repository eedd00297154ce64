import { existsSync } from "node:fs";
import { ensureEngine, planEngine } from "./ensureEngine";
import { removeDeadLock, repairInterruptedUpdate } from "./ensureStack";
import { findMissingPulumi } from "./ensurePulumi";
import { join } from "node:path";
import { openPulumiSession, tryPulumi } from "./pulumiSession";
import { pulumiBinFolder } from "./pulumiHome";
import { runInTerminal } from "./run";
import { SetupError } from "./setupError";
import { projectFolder, readPulumiVersions } from "./versions";

/** Removes what a stack deployed, and puts the engine's settings back; the stack's history and config stay. */
export async function down(stackWanted: string | undefined): Promise<void> {
  const program = join(pulumiBinFolder(readPulumiVersions().pulumi), "pulumi");
  if (findMissingPulumi().length > 0 || !existsSync(program)) {
    throw new SetupError(
      "Pulumi is not installed, so there is nothing that `npm run up` could have deployed.",
    );
  }
  await ensureEngine(await planEngine());
  const session = openPulumiSession(program);
  const stack = stackWanted ?? (await tryPulumi(session, "stack", "--show-name")).stdout.trim();
  if (stack === "")
    throw new SetupError("No stack is selected: name one with `npm run down -- --stack <name>`.");
  await removeDeadLock(session, stack);
  await repairInterruptedUpdate(session, stack);
  const exitCode = await runInTerminal(
    [session.program, "destroy", "--yes", "--skip-preview", "--stack", stack],
    {
      cwd: projectFolder,
      env: session.env,
    },
  );
  if (exitCode !== 0)
    throw new SetupError("`pulumi destroy` did not finish; its own words stand above.");
  console.log(
    `\nThe stack ${stack} is removed. Engine, Pulumi and images stay; README says how to remove them.`,
  );
}
