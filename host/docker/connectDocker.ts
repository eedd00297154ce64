import type Docker from "dockerode";
import { findEngineRoute } from "./engineRequest";

/**
 * Connects to a Docker Engine by its URI.
 *
 * dockerode is loaded here and not on import: it takes longer to load than a preview's whole diff needs.
 *
 * @param dockerHost `unix://` and a path, `ssh://[user@]name[:port]`, or `tcp://name:port`
 */
export async function connectDocker(dockerHost: string): Promise<Docker> {
  const { default: Client } = await import("dockerode");
  return new Client(await findEngineRoute(dockerHost));
}

/** Whether an error of the Docker API says that the thing asked for is not there. */
export function isNotFound(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}

/** Whether an error of the Docker API says that things are already as asked for: a container to start runs. */
export function isUnchanged(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 304;
}
