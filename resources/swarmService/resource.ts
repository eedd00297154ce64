import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { SwarmServiceInputs } from "./inputs";

/** A service of a Swarm, with its secrets and configs. It is there as soon as all of its replicas serve. */
export class SwarmService extends HostResource {
  constructor(
    name: string,
    args: ResourceArgs<SwarmServiceInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("SwarmService", name, { ...args, specHash: undefined, drift: undefined }, opts);
  }
}
