import { fetchTextOverHttp } from "./httpFetch";

/**
 * Whether a Docker Engine holds an image already.
 *
 * @param dockerHost `unix://` and the path of the engine's socket
 * @returns false as well when the engine cannot be reached: then nothing can be said to be there
 */
export async function holdsImage(dockerHost: string, reference: string): Promise<boolean> {
  const socketPath = new URL(dockerHost).pathname;
  const url = `http://localhost/images/${encodeURIComponent(reference)}/json`;
  try {
    const { status } = await fetchTextOverHttp({ url, socketPath });
    return status === 200;
  } catch {
    return false;
  }
}
