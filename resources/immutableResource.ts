import type Docker from "dockerode";
import type { DockerHost } from "../host/access/dockerHost";
import { connectDocker, isInUse, isNotFound } from "../host/docker/connectDocker";
import { ifFound } from "../host/docker/ifFound";

/** A network or a volume: an engine cannot change it, so that it is there as it was made, or gone. */
export interface ImmutableResource {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  readonly name: string;
}

/** Whether these are the notes of the Docker provider, whose resource it was before: it is the same thing. */
export function isOfDockerProvider(olds: Partial<ImmutableResource>): boolean {
  return olds.dockerHost === undefined;
}

/** @param inspect asks the engine for the thing */
export async function readImmutableResource<T extends ImmutableResource>(
  id: string,
  olds: T,
  inspect: (docker: Docker) => Promise<unknown>,
): Promise<{ id: string; props: T }> {
  if (isOfDockerProvider(olds)) return { id, props: olds };
  const found = await ifFound(inspect(await connectDocker(olds.dockerHost)));
  return { id: found === undefined ? "" : id, props: olds };
}

const pollMilliseconds = 200;

/**
 * Removes something of the engine that containers may still hold for a moment.
 *
 * @param patienceSeconds containers that were removed a moment ago let go within it; others hold on for good
 * @throws the engine's own error when they do not let go
 */
export async function retryWhileUsed(
  remove: () => Promise<unknown>,
  patienceSeconds = 10,
): Promise<void> {
  const deadline = Date.now() + patienceSeconds * 1000;
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      if (!isHeld(error) || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

/** Whether a container uses it. For a network the engine answers 403, for all else 409. */
function isHeld(error: unknown): boolean {
  return isInUse(error) || (error as { statusCode?: number }).statusCode === 403;
}

/**
 * @param what the thing, as a user calls it
 * @param findRemedy names what uses it, or how to find out
 * @throws Error with both when it stays in use; one that is gone already is no error
 */
export async function removeImmutableResource(
  what: string,
  findRemedy: () => string | Promise<string>,
  remove: () => Promise<unknown>,
): Promise<void> {
  try {
    await retryWhileUsed(remove);
  } catch (error) {
    if (isNotFound(error)) return;
    const remedy = await findRemedy();
    throw new Error(`${what} cannot be removed: ${(error as Error).message}. ${remedy}`, {
      cause: error,
    });
  }
}
