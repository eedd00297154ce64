import * as pulumi from "@pulumi/pulumi";
import { HostResource } from "./hostResource";

export interface BridgeArgs {
  readonly dockerHost: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Default: what the engine chooses */
  readonly subnet?: string;
}

/** A bridge network; see `providers/bridge.ts`. */
export class Bridge extends HostResource {
  /** Its name on the host. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: BridgeArgs, opts?: pulumi.CustomResourceOptions) {
    // A stack that was deployed before has it as the Docker provider's.
    const aliases = [{ type: "docker:index/network:Network" }];
    super("Bridge", name, args, pulumi.mergeOptions(opts, { aliases }));
  }
}
