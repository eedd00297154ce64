import { listAppPorts } from "./appPorts";
import type { Server } from "./servers/server";
import { listWantedServers } from "./servers/servers";
import type { Settings } from "./settings/settings";

/** A TCP port of the host that the stack publishes something at. */
export interface PublishedPort {
  /** The setting that names it. */
  readonly path: string;
  readonly address: string;
  readonly port: number;
}

/**
 * Every host port that the stack takes, the engine's own excepted.
 *
 * @param isLeftOut whether a server that the settings ask for is not deployed after all
 */
export function listPublishedPorts(
  settings: Settings,
  { isLeftOut }: { readonly isLeftOut: (server: Server) => boolean },
): PublishedPort[] {
  return [
    ...listWantedServers(settings).flatMap(({ server, settings: own, path }) => {
      const { publishPort: port, publishAddress: address = "" } = own;
      return port === undefined || isLeftOut(server)
        ? []
        : [{ path: `${path}.publishPort`, address, port }];
    }),
    ...settings.apps.flatMap((app, index) =>
      // Where the Swarm places it, no other node's ports count.
      (settings.swarm.mode !== "off" && app.placement ? [] : listAppPorts(app)).flatMap(
        ({ hostPort, address, settings: names }) =>
          Array.from({ length: app.replicas }, (_, replica) => ({
            path: `apps[${index}].${names.hostPort}`,
            address,
            port: hostPort + replica,
          })),
      ),
    ),
  ];
}
