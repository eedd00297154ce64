import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { AlertmanagerReloadInputs } from "./inputs";

/** The configuration that Alertmanager really runs. */
export class AlertmanagerReload extends HostResource {
  constructor(
    name: string,
    args: ResourceArgs<AlertmanagerReloadInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("AlertmanagerReload", name, args, opts);
  }
}
