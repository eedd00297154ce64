import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { SingleNodeSwarmInputs } from "./inputs";

/** The Swarm that a host manages; made where there is none. */
export class SingleNodeSwarm extends HostResource {
  constructor(
    name: string,
    args: ResourceArgs<SingleNodeSwarmInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("SingleNodeSwarm", name, { ...args, swarmId: undefined, isOurs: undefined }, opts);
  }
}
