import type * as pulumi from "@pulumi/pulumi";
import type { RegistryLogin } from "../../engine/buildImage";
import { HostResource } from "./hostResource";

export interface BuiltImageArgs {
  readonly dockerHost: string;
  readonly repository: string;
  readonly hash: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly logins: pulumi.Input<readonly RegistryLogin[]>;
}

/** An image built from a folder, on the stack's engine; see `providers/builtImage.ts`. */
export class BuiltImage extends HostResource {
  declare readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: BuiltImageArgs, opts?: pulumi.CustomResourceOptions) {
    super("BuiltImage", name, { ...args, imageId: undefined }, opts);
  }
}
