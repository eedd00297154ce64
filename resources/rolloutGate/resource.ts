import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { RolloutGateInputs } from "./inputs";

/** Holds the next replicas of an app back until those before them serve again. */
export class RolloutGate extends HostResource {
  constructor(
    name: string,
    args: ResourceArgs<RolloutGateInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("RolloutGate", name, args, opts);
  }
}
