import type { DockerHost } from "../host/access/dockerHost";
import { findKilled, renderKilled } from "../host/docker/findKilled";
import { listContainers } from "../host/docker/listContainers";
import type { DeployedContainer } from "./doctor/stackState";

/** Says which containers an update has removed that did not end by themselves. Of replaced ones, the update itself says it. */
export async function describeKilled(
  dockerHost: DockerHost,
  before: readonly DeployedContainer[],
): Promise<string[]> {
  const present = new Set((await listContainers(dockerHost)).flatMap(({ Names }) => Names));
  const gone = before.filter(({ inputs }) => !present.has(`/${inputs.name}`));
  if (gone.length === 0) return [];
  const killed = await findKilled(
    dockerHost,
    gone.map(({ id }) => id),
  );
  return gone.flatMap(({ id, resource }) => {
    const seconds = killed.get(id);
    return seconds === undefined ? [] : [renderKilled(resource, seconds)];
  });
}
