import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { GrafanaReloadInputs } from "./inputs";

/** What a running Grafana shows, and the password of its admin. */
export class GrafanaReload extends HostResource {
  constructor(
    name: string,
    args: ResourceArgs<GrafanaReloadInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("GrafanaReload", name, args, opts);
  }
}
