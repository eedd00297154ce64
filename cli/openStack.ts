import { existsSync } from "node:fs";
import { join } from "node:path";
import { findMissingPulumi } from "./install/ensurePulumi";
import { pulumiBinFolder } from "./install/pulumiHome";
import { openPulumiSession, type PulumiSession } from "./pulumiSession";
import { readStack } from "./readStack";
import { SetupError } from "./setupError";
import { readPulumiVersions } from "./versions";

/** A stack that `npm run up` made, for commands that install nothing. */
export interface OpenedStack {
  readonly session: PulumiSession;
  readonly stack: string;
}

/**
 * @param stackWanted default: the stack that is selected
 * @throws SetupError when Pulumi is not installed, or does not know the stack
 */
export async function openStack(stackWanted: string | undefined): Promise<OpenedStack> {
  const program = join(pulumiBinFolder(readPulumiVersions().pulumi), "pulumi");
  if (findMissingPulumi().length > 0 || !existsSync(program)) {
    throw new SetupError(
      "Pulumi is not installed, so nothing is deployed: run `npm run up` first.",
    );
  }
  const session = openPulumiSession(program);
  return { session, stack: await readStack(session, stackWanted) };
}
