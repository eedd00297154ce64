import * as pulumi from "@pulumi/pulumi";
import { HostResource } from "./hostResource";

export interface VolumeArgs {
  readonly dockerHost: string;
  readonly name: string;
}

/** A named volume; see `providers/volume.ts`. */
export class Volume extends HostResource {
  /** Its name on the host. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts?: pulumi.CustomResourceOptions) {
    // A stack that was deployed before has it as the Docker provider's.
    const aliases = [{ type: "docker:index/volume:Volume" }];
    super("Volume", name, args, pulumi.mergeOptions(opts, { aliases }));
  }
}
