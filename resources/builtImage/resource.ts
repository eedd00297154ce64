import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { BuiltImageInputs } from "./inputs";

/** An image built from a folder, on the stack's engine. */
export class BuiltImage extends HostResource {
  declare readonly imageId: pulumi.Output<string>;

  constructor(
    name: string,
    args: ResourceArgs<BuiltImageInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("BuiltImage", name, { ...args, imageId: undefined }, opts);
  }
}
