import type Docker from "dockerode";
import type { DockerHost } from "../access/dockerHost";
import { findEngineRoute } from "./engineRequest";

/**
 * Connects to a Docker Engine.
 *
 * dockerode is loaded here and not on import: it takes longer to load than a preview's whole diff needs.
 */
export async function connectDocker(dockerHost: DockerHost): Promise<Docker> {
  const { default: Client } = await import("dockerode");
  return new Client(await findEngineRoute(dockerHost));
}

/** Whether an error of the Docker API says that the thing asked for is not there. */
export function isNotFound(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}

/** Whether an error of the Docker API says that something is in use: a name, or what is to be removed. */
export function isInUse(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 409;
}

/** Whether an error of the Docker API says that things are already as asked for: a container to start runs. */
export function isUnchanged(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 304;
}

/** For a `catch`: an error that says that things are already as asked for is none. */
export function ignoreUnchanged(error: unknown): void {
  if (!isUnchanged(error)) throw error;
}
