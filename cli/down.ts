import {
  exportState,
  removeDeadLock,
  removeUnknownContainers,
  repairInterruptedUpdate,
} from "./ensureStack";
import type { DockerHost } from "../host/access/dockerHost";
import { listServerDataVolumes } from "../config/servers/dataVolumes";
import { connectDocker } from "../host/docker/connectDocker";
import { type DataVolume, listDataVolumes } from "../host/docker/listDataVolumes";
import { labels } from "../host/labels";
import { buildPrefix } from "../resources/types";
import { openStack } from "./openStack";
import { rejectForeignMembers } from "./rejectForeignMembers";
import { runPulumiInTerminal } from "./runPulumiInTerminal";
import { readStackHost } from "./stackHost";
import { ensureHost } from "./prepareMachine";
import { projectName } from "./versions";

export interface DownOptions {
  /** Default: the stack that is selected. */
  readonly stack: string | undefined;
  /** Whether the volumes that hold data go as well. */
  readonly volumes: boolean;
}

/**
 * Removes what a stack deployed, and puts the engine's settings back; the stack's history and config stay, and so does its data
 * unless it is to go.
 */
export async function down({ stack: stackWanted, volumes }: DownOptions): Promise<void> {
  const { session, stack } = await openStack(stackWanted);
  const dockerHost = readStackHost(stack);
  await ensureHost(dockerHost);
  await removeDeadLock(session, stack);
  await rejectForeignMembers(await exportState(session, stack), stack);
  await repairInterruptedUpdate(session, stack);
  // They would keep the network from being removed.
  await removeUnknownContainers(session, stack);
  const env = { ...session.env, GLASSHOUSE_DOWN: "true" };
  await runPulumiInTerminal({ ...session, env }, "destroy", stack);
  console.log(
    `\nThe stack ${stack} is removed. Engine, Pulumi and images stay; README says how to remove them.`,
  );
  const data = await listStackData(dockerHost, stack);
  if (volumes) await removeVolumes(dockerHost, data);
  else if (data.length > 0) console.log(renderKept(stack, data));
}

async function listStackData(dockerHost: DockerHost, stack: string): Promise<DataVolume[]> {
  const stackLabels = { [labels.project]: projectName, [labels.stack]: stack };
  const prefix = buildPrefix(projectName, stack);
  return listDataVolumes(dockerHost, stackLabels, {
    names: listServerDataVolumes(prefix),
    ofApps: true,
  });
}

async function removeVolumes(dockerHost: DockerHost, data: readonly DataVolume[]): Promise<void> {
  const docker = await connectDocker(dockerHost);
  for (const { name } of data) {
    await docker.getVolume(name).remove();
    console.log(`  The volume ${name} and its data are removed.`);
  }
}

function renderKept(stack: string, data: readonly DataVolume[]): string {
  return [
    "These volumes hold data and are kept; `npm run up` uses them again:",
    ...data.map(({ name, app }) => `  ${name}${app === undefined ? "" : ` (app ${app})`}`),
    `To remove them as well, for good: npm run down -- --stack ${stack} --volumes`,
  ].join("\n");
}
