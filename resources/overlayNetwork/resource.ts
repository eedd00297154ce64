import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { OverlayNetworkInputs } from "./inputs";

/** A network over all nodes of a Swarm. */
export class OverlayNetwork extends HostResource {
  /** Its name in the Swarm. */
  declare readonly name: pulumi.Output<string>;

  constructor(
    name: string,
    args: ResourceArgs<OverlayNetworkInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("OverlayNetwork", name, args, opts);
  }
}
