import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  exportState,
  removeDeadLock,
  removeUnknownContainers,
  repairInterruptedUpdate,
} from "./ensureStack";
import { findMissingPulumi } from "./install/ensurePulumi";
import { openPulumiSession } from "./pulumiSession";
import { pulumiBinFolder } from "./install/pulumiHome";
import { readStack } from "./readStack";
import { rejectForeignMembers } from "./rejectForeignMembers";
import { runPulumiInTerminal } from "./runPulumiInTerminal";
import { SetupError } from "./setupError";
import { readStackHost } from "./stackHost";
import { ensureHost } from "./up";
import { readPulumiVersions } from "./versions";

/** Removes what a stack deployed, and puts the engine's settings back; the stack's history and config stay. */
export async function down(stackWanted: string | undefined): Promise<void> {
  const program = join(pulumiBinFolder(readPulumiVersions().pulumi), "pulumi");
  if (findMissingPulumi().length > 0 || !existsSync(program)) {
    throw new SetupError(
      "Pulumi is not installed, so there is nothing that `npm run up` could have deployed.",
    );
  }
  const session = openPulumiSession(program);
  const stack = await readStack(session, stackWanted);
  await ensureHost(readStackHost(stack));
  await removeDeadLock(session, stack);
  await rejectForeignMembers(await exportState(session, stack), stack);
  await repairInterruptedUpdate(session, stack);
  // They would keep the network from being removed.
  await removeUnknownContainers(session, stack);
  await runPulumiInTerminal(session, "destroy", stack);
  console.log(
    `\nThe stack ${stack} is removed. Engine, Pulumi and images stay; README says how to remove them.`,
  );
}
