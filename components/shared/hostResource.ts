import * as pulumi from "@pulumi/pulumi";

/**
 * A resource whose life is written in `providers/`, for what Pulumi's Docker provider does not do, or does slowly.
 *
 * The name of its package says which process Pulumi starts for it: in this project `providers/plugin`, as `plugins` in
 * Pulumi.yaml has it, in place of the one that comes with Pulumi for dynamic providers. That one loads all of Pulumi's
 * runtime first, and takes code out of the state; ours runs the checkout's.
 */
export abstract class HostResource extends pulumi.CustomResource {
  /** @param type name in `providers/plugin/findProvider.ts` */
  protected constructor(
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(`pulumi-nodejs:glasshouse:${type}`, name, props, opts);
  }
}
