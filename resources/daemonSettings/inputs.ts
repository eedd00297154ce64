import type { DockerHost } from "../../host/access/dockerHost";
import type { EngineSettings } from "../../host/daemon/engineLocation";

export interface DaemonSettingsInputs extends EngineSettings {
  /** dockerd's `metrics-addr`. */
  readonly metricsAddress: string;
  /** Who wants the setting, as `project/stack`. */
  readonly claimant: string;
  /** For the engine of another node of a Swarm, the manager by which its node is drained before a restart. @default none */
  readonly manager?: DockerHost;
}
