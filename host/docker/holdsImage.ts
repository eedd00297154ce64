import type { DockerHost } from "../access/dockerHost";
import { fetchFromEngine } from "./engineRequest";

/**
 * Whether a Docker Engine holds an image already.
 *
 * @returns false as well when the engine cannot be reached: then nothing can be said to be there
 */
export async function holdsImage(dockerHost: DockerHost, reference: string): Promise<boolean> {
  const path = `/images/${encodeURIComponent(reference)}/json`;
  try {
    return (await fetchFromEngine(dockerHost, path)).status === 200;
  } catch {
    return false;
  }
}
