import * as pulumi from "@pulumi/pulumi";
import { formerTypeToken, type ResourceName, typeToken } from "./types";

/**
 * A resource of our own, for what Pulumi's Docker provider does not do, or does slowly. Its provider lies beside it and runs in
 * the process that `plugins` in Pulumi.yaml names, `resources/plugin`.
 */
export abstract class HostResource extends pulumi.CustomResource {
  protected constructor(
    type: ResourceName,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const aliases = [{ type: formerTypeToken(type) }];
    super(typeToken(type), name, props, pulumi.mergeOptions({ aliases }, opts));
  }
}
