import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "./hostResource";

export interface GrafanaReloadArgs {
  readonly dockerHost: string;
  readonly container: pulumi.Input<string>;
  readonly files: Readonly<Record<string, string>>;
  readonly revision: pulumi.Input<string>;
  readonly passwordFile: string;
  readonly passwordRevision: pulumi.Input<string>;
}

/** What a running Grafana shows, and the password that lets its admin in; see `providers/grafanaReload.ts`. */
export class GrafanaReload extends HostResource {
  constructor(name: string, args: GrafanaReloadArgs, opts?: pulumi.CustomResourceOptions) {
    super("GrafanaReload", name, args, opts);
  }
}
