import type { Settings } from "../../config/settings/settings";
import { findManagerBond } from "../../config/swarmPlacement";
import { buildUserMistake } from "../../config/userMistake";
import { readSwarm } from "../../host/docker/swarm/readSwarm";
import { findUnreachedNodes, reachNodes } from "../../host/docker/swarm/swarmNodes";

/**
 * Refuses nodes of a Swarm that would be given replicas of an app whose built image cannot be handed to them.
 *
 * @throws pulumi.RunError with every such node and the ways out, before anything is touched
 */
export async function rejectUnreachedNodes({
  host,
  apps,
  swarm,
}: Pick<Settings, "host" | "apps" | "swarm">): Promise<void> {
  if (swarm.mode === "off" || swarm.registry !== undefined || swarm.nodes.length === 0) return;
  const built = apps
    .filter((app) => app.build !== undefined && findManagerBond(app, swarm) === undefined)
    .map(({ name }) => name);
  if (built.length === 0 || (await readSwarm(host)).state !== "active") return;
  const unreached = await findUnreachedNodes(host, await reachNodes(swarm.nodes));
  if (unreached.length === 0) return;
  throw buildUserMistake(
    [
      `Some nodes of the Swarm cannot be handed the images that are built here (${built.join(", ")}). Nothing was changed.`,
      ...unreached.map((each) => `  ${each}`),
      "Name the engine of each node in `swarm.nodes`, such as { uri: ssh://user@node }; or name a registry that all nodes " +
        "reach by `swarm.registry`; or take a node out of use: docker node update --availability drain ITS_NAME",
    ].join("\n"),
  );
}
