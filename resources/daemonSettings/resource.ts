import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { DaemonSettingsInputs } from "./inputs";

/** The engine's metrics setting in daemon.json. */
export class DaemonSettings extends HostResource {
  constructor(
    name: string,
    args: ResourceArgs<DaemonSettingsInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("DaemonSettings", name, { ...args, metricsAnswer: undefined }, opts);
  }
}
