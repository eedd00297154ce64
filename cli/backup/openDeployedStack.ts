import type Docker from "dockerode";
import { connectDocker } from "../../host/docker/connectDocker";
import { parseStackState, type StackExport } from "../doctor/stackState";
import { isDeadLock, readLocks } from "../ensureStack";
import { openStack } from "../openStack";
import { pulumi } from "../pulumiSession";
import { SetupError } from "../setupError";
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
  const { session, stack } = await openStack(stackWanted);
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
