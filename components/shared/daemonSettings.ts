import type * as pulumi from "@pulumi/pulumi";
import type { EngineMetricsSettings } from "../../config/settings";
import { HostResource } from "./hostResource";

export interface DaemonSettingsArgs extends Pick<
  EngineMetricsSettings,
  "daemonJson" | "restart" | "restartCommand" | "keepContainers"
> {
  readonly dockerHost: string;
  readonly metricsAddress: string;
  /** Who wants the setting, as `project/stack`. */
  readonly claimant: string;
}

/** The engine's metrics setting in daemon.json; see `providers/daemonSettings.ts`. */
export class DaemonSettings extends HostResource {
  constructor(name: string, args: DaemonSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super("DaemonSettings", name, { ...args, metricsAnswer: undefined }, opts);
  }
}
