import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "./hostResource";

export interface PrometheusReloadArgs {
  readonly dockerHost: string;
  readonly container: pulumi.Input<string>;
  readonly config: string;
  readonly rules: string;
  readonly revision: pulumi.Input<string>;
}

/** The configuration that Prometheus really runs; see `providers/prometheusReload.ts`. */
export class PrometheusReload extends HostResource {
  declare readonly running: pulumi.Output<string>;

  constructor(name: string, args: PrometheusReloadArgs, opts?: pulumi.CustomResourceOptions) {
    super("PrometheusReload", name, { ...args, running: undefined }, opts);
  }
}
