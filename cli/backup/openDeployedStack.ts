import { existsSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { connectDocker } from "../../host/docker/connectDocker";
import { parseStackState, type StackExport } from "../doctor/stackState";
import { findMissingPulumi } from "../install/ensurePulumi";
import { isDeadLock, readLocks } from "../ensureStack";
import { pulumiBinFolder } from "../install/pulumiHome";
import { openPulumiSession, pulumi } from "../pulumiSession";
import { readStack } from "../readStack";
import { SetupError } from "../setupError";
import { readPulumiVersions } from "../versions";
import type { DataPart } from "./dataParts";
import { findDataParts } from "./findDataParts";

export interface DeployedStack {
  readonly project: string;
  readonly stack: string;
  readonly docker: Docker;
  readonly parts: readonly DataPart[];
}

/**
 * Finds what a stack has deployed, and where.
 *
 * @param stackWanted default: the stack that is selected
 * @throws SetupError when nothing is deployed, or another command is changing it
 */
export async function openDeployedStack(stackWanted: string | undefined): Promise<DeployedStack> {
  const program = join(pulumiBinFolder(readPulumiVersions().pulumi), "pulumi");
  if (findMissingPulumi().length > 0 || !existsSync(program)) {
    throw new SetupError(
      "Pulumi is not installed, so nothing is deployed: run `npm run up` first.",
    );
  }
  const session = openPulumiSession(program);
  const stack = await readStack(session, stackWanted);
  const running = readLocks(session, stack).find((lock) => !isDeadLock(lock));
  if (running) {
    throw new SetupError(
      `Pulumi is working on the stack ${stack} (process ${running.pid} on ${running.hostname}). ` +
        "Wait until it is done, and run the command again.",
    );
  }
  const exported = await pulumi(session, "stack", "export", "--stack", stack);
  const state = parseStackState(JSON.parse(exported) as StackExport);
  const parts = findDataParts(state);
  if (parts.length === 0) {
    throw new SetupError(
      `The stack ${stack} has nothing deployed: run \`npm run up -- --stack ${stack}\` first.`,
    );
  }
  return { project: state.project, stack, docker: await connectDocker(state.dockerHost), parts };
}
