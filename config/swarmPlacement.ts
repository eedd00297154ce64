import type { AppSettings } from "./settings/appSettings";
import type { SwarmSettings } from "./settings/swarmSettings";

/** Whether an app's image is built and reaches other nodes by a registry alone. */
export function isPushed(
  app: Parameters<typeof findManagerBond>[0],
  swarm: Pick<SwarmSettings, "nodes" | "registry">,
): boolean {
  return (
    app.build !== undefined &&
    swarm.registry !== undefined &&
    findManagerBond(app, swarm) === undefined
  );
}

/**
 * What keeps an app of a Swarm on the manager that `host.uri` names, as a user calls it: other nodes do not have it. Undefined for
 * an app that may run on any node.
 */
export function findManagerBond(
  {
    build,
    volumes,
    publishPort,
    publish,
    placement,
  }: Pick<AppSettings, "build" | "volumes" | "publishPort" | "publish" | "placement">,
  { nodes, registry }: Pick<SwarmSettings, "nodes" | "registry">,
): "built image" | "volume" | "published port" | undefined {
  if (build !== undefined && registry === undefined && nodes.length === 0) return "built image";
  if (volumes.length > 0) return "volume";
  const isPublished = publishPort !== undefined || publish.length > 0;
  return isPublished && placement === undefined ? "published port" : undefined;
}

/** Whether the Swarm stops an old replica before it starts the new one. */
export function isStoppedFirst({
  update,
  volumes,
  publishPort,
  publish,
}: Pick<AppSettings, "update" | "volumes" | "publishPort" | "publish">): boolean {
  if (update?.order !== undefined) return update.order === "stop-first";
  return volumes.length > 0 || publishPort !== undefined || publish.length > 0;
}
