import type { Settings } from "../settings";
import { grafana } from "./grafana";
import { prometheus } from "./prometheus";
import type { Server, ServerSettings } from "./server";

/** The servers that a stack can deploy beside the apps, in the order in which they are told of. */
export const servers: readonly Server[] = [prometheus, grafana];

/** A server that the settings ask for, and what they say of it. */
export interface WantedServer {
  readonly server: Server;
  readonly settings: ServerSettings;
  /** Its settings' place in a stack file: `prometheus`. */
  readonly path: string;
}

/** The servers that the settings do not leave out. */
export function listWantedServers(all: Settings): WantedServer[] {
  return servers.flatMap((server) => {
    const settings = server.read(all);
    return settings === undefined ? [] : [{ server, settings, path: renderServerPath(server) }];
  });
}

export function renderServerPath({ settingsPath }: Pick<Server, "settingsPath">): string {
  return settingsPath.join(".");
}
