import * as pulumi from "@pulumi/pulumi";
import { createPulledImage } from "./shared/appImage";
import type { Deployment } from "./shared/deployment";

export interface PulledImageArgs {
  readonly deployment: Deployment;
  /** Image reference; one that the engine holds already is not asked for again. */
  readonly reference: string;
}

/** An image that several components use. */
export class PulledImage extends pulumi.ComponentResource {
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: PulledImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:image:PulledImage", name, {}, opts);
    this.imageId = createPulledImage(`${name}-pull`, args.deployment, args.reference, {
      parent: this,
    }).imageId;
    this.registerOutputs({ imageId: this.imageId });
  }
}
