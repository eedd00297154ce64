import type * as pulumi from "@pulumi/pulumi";
import type { SwarmSettings } from "../config/settings/swarmSettings";
import { SingleNodeSwarm } from "../resources/singleNodeSwarm/resource";
import type { Deployment } from "./shared/deployment";

export interface SwarmArgs {
  readonly deployment: Deployment;
  readonly settings: SwarmSettings;
}

/**
 * The Swarm, where it is made here.
 *
 * @returns what services wait for; nothing where the Swarm is someone else's, or there is none
 */
export function deploySwarm(
  name: string,
  { deployment, settings }: SwarmArgs,
  opts: pulumi.ResourceOptions,
): SingleNodeSwarm[] {
  if (settings.mode !== "init") return [];
  const { dockerHost, labels } = deployment;
  return [new SingleNodeSwarm(`${name}-single-node`, { dockerHost, labels }, opts)];
}
