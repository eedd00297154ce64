import * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { VolumeInputs } from "./inputs";

/** A named volume. */
export class Volume extends HostResource {
  /** Its name on the host. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ResourceArgs<VolumeInputs>, opts?: pulumi.CustomResourceOptions) {
    // Before it was a resource of our own, it was the Docker provider's.
    const aliases = [{ type: "docker:index/volume:Volume" }];
    super("Volume", name, args, pulumi.mergeOptions(opts, { aliases }));
  }
}
