import type { EngineSettings } from "../../host/daemon/engineLocation";

export interface DaemonSettingsInputs extends EngineSettings {
  /** dockerd's `metrics-addr`. */
  readonly metricsAddress: string;
  /** Who wants the setting, as `project/stack`. */
  readonly claimant: string;
}
