import * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { BridgeNetworkInputs } from "./inputs";

/** A bridge network of the engine. */
export class BridgeNetwork extends HostResource {
  /** Its name on the host. */
  declare readonly name: pulumi.Output<string>;

  constructor(
    name: string,
    args: ResourceArgs<BridgeNetworkInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    // Before it was a resource of our own, it was the Docker provider's.
    const aliases = [{ type: "docker:index/network:Network" }];
    super("BridgeNetwork", name, args, pulumi.mergeOptions(opts, { aliases }));
  }
}
