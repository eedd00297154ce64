import { connectDocker } from "../host/docker/connectDocker";
import { ifFound } from "../host/docker/ifFound";
import { readNetworkMembers } from "../host/docker/networkMembers";
import { labels } from "../host/labels";
import { buildCommands } from "./doctor/commands";
import { parseStackState, type StackExport } from "./doctor/parseStackState";
import { SetupError } from "./setupError";

/**
 * Rejects, before anything is removed, when others' containers are on a stack's network: the engine would not remove it.
 *
 * @throws SetupError with the commands that disconnect them
 */
export async function rejectForeignMembers(exported: StackExport, stack: string): Promise<void> {
  const { networks, containers, dockerHost } = parseStackState(exported);
  if (networks.length === 0) return;
  const docker = await connectDocker(dockerHost);
  const own = new Set(containers.map(({ id }) => id));
  const commands = buildCommands({ stack, dockerHost });
  const found = networks.map(async ({ id, name: network }) => {
    const members = await ifFound(readNetworkMembers(docker, id));
    return (members?.containers ?? [])
      .filter((member) => !own.has(member.id) && member.labels[labels.stack] !== stack)
      .map(({ name }) => `  ${commands.docker} network disconnect ${network} ${name}`);
  });
  const lines = (await Promise.all(found)).flat();
  if (lines.length === 0) return;
  throw new SetupError(
    "Containers of others are on this stack's network, so it cannot be removed. Nothing was changed. " +
      `Disconnect them and run the command again:\n${lines.join("\n")}`,
  );
}
