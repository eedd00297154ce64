import type { Settings } from "../config/settings";
import { buildDockerHost } from "../host/access/dockerHost";
import { listContainers, type ListedContainer } from "../host/docker/listContainers";

/**
 * The containers that are on the host before anything is touched, running or not.
 *
 * @returns undefined for an engine that does not answer, which is the Docker provider's to report
 */
export async function readHostContainers({
  uri,
  certPath,
}: Settings["host"]): Promise<readonly ListedContainer[] | undefined> {
  return listContainers(buildDockerHost(uri, certPath)).catch(() => undefined);
}
