import type { Server } from "./servers/server";
import { listWantedServers } from "./servers/servers";
import type { Settings } from "./settings";

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
    ...listWantedServers(settings).flatMap(({ server, settings: own, path }) =>
      own.publishPort === undefined || isLeftOut(server)
        ? []
        : [
            buildPort(`${path}.publishPort`, {
              publishAddress: own.publishAddress ?? "",
              publishPort: own.publishPort,
            }),
          ],
    ),
    ...settings.apps.flatMap(({ publishPort, publishAddress, replicas }, index) =>
      publishPort === undefined
        ? []
        : Array.from({ length: replicas }, (_, replica) =>
            buildPort(`apps[${index}].publishPort`, {
              publishAddress,
              publishPort: publishPort + replica,
            }),
          ),
    ),
  ];
}

function buildPort(
  path: string,
  { publishAddress, publishPort }: { publishAddress: string; publishPort: number },
): PublishedPort {
  return { path, address: publishAddress, port: publishPort };
}
