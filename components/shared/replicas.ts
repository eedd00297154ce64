import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../host/access/dockerHost";
import type { ServedPort } from "../../host/docker/waitForContainers";
import { RolloutGate } from "../../resources/rolloutGate/resource";

export interface ReplicasArgs {
  readonly dockerHost: DockerHost;
  readonly count: number;
  readonly startTimeoutSeconds: number;
  /** The port that shows whether a replica without a health check serves. */
  readonly port: ServedPort;
  /** Whether a replica is on the host already; `index` counts from 0. */
  readonly isPresent: (index: number) => boolean;
  /** Makes the container of one replica; `index` counts from 0. */
  readonly createContainer: (
    name: string,
    index: number,
    opts: pulumi.CustomResourceOptions,
  ) => docker.Container;
}

/** Share of an app's replicas that may be away at a time during an update, but at least one of them is. */
const shareAtATime = 1 / 4;

/**
 * The containers of an app's replicas, in turns: an update replaces a quarter of them at a time, and goes on when these
 * do their work again, so that an app with two or more replicas keeps answering. A replica that is not there yet is not
 * missed and waits at no gate: a first update creates all of them at once.
 *
 * @returns their ids, by name
 */
export function createReplicas(
  name: string,
  { dockerHost, count, startTimeoutSeconds, port, isPresent, createContainer }: ReplicasArgs,
  opts: pulumi.CustomResourceOptions,
): Record<string, pulumi.Output<string>> {
  const ids: Record<string, pulumi.Output<string>> = {};
  const atATime = Math.max(1, Math.floor(count * shareAtATime));
  let gate: RolloutGate | undefined;
  let current: Record<string, pulumi.Output<string>> = {};
  for (let index = 0; index < count; index += 1) {
    if (index > 0 && index % atATime === 0) {
      const after = gate ? { ...opts, dependsOn: gate } : opts;
      const args = { dockerHost, before: current, timeoutSeconds: startTimeoutSeconds, port };
      gate = new RolloutGate(`${name}-turn-${index + 1}`, args, after);
      current = {};
    }
    const replica = `${name}-${index + 1}`;
    const waits = gate !== undefined && isPresent(index) ? { dependsOn: gate } : {};
    const container = createContainer(replica, index, { ...opts, ...waits });
    ids[replica] = current[replica] = container.id;
  }
  return ids;
}
