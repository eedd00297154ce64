import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { PrometheusReloadInputs } from "./inputs";

/** The configuration that Prometheus really runs. */
export class PrometheusReload extends HostResource {
  constructor(
    name: string,
    args: ResourceArgs<PrometheusReloadInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("PrometheusReload", name, args, opts);
  }
}
