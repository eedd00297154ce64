import type Docker from "dockerode";
import { connectDocker } from "../../host/docker/connectDocker";
import { buildPrefix } from "../../resources/types";
import { listDataVolumes } from "../../host/docker/listDataVolumes";
import { labels } from "../../host/labels";
import { parseStackState, type StackExport } from "../doctor/parseStackState";
import type { StackState } from "../doctor/stackState";
import { isDeadLock, readLocks } from "../ensureStack";
import { openStack } from "../openStack";
import { pulumi } from "../pulumiSession";
import { SetupError } from "../setupError";
import type { DataPart, StackData } from "./dataParts";
import { findDataParts } from "./findDataParts";
import { findVolumeGroups, type VolumeGroup } from "./findVolumeGroups";

export interface DeployedStack extends StackData {
  readonly project: string;
  readonly stack: string;
  readonly docker: Docker;
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
  const docker = await connectDocker(state.dockerHost);
  return {
    project: state.project,
    stack,
    docker,
    parts,
    groups: await findGroups(stack, state, parts),
  };
}

async function findGroups(
  stack: string,
  state: StackState,
  parts: readonly DataPart[],
): Promise<VolumeGroup[]> {
  const { project, dockerHost } = state;
  // Every stack has Prometheus, whose image has the commands that its own backup needs.
  const toolImage = parts.find(({ kind }) => kind.name === "prometheus")?.image;
  if (toolImage === undefined) return [];
  const kept = await listDataVolumes(dockerHost, {
    [labels.project]: project,
    [labels.stack]: stack,
  });
  return findVolumeGroups(state, kept, buildPrefix(project, stack), toolImage);
}
