import type { DockerHost } from "../../host/access/dockerHost";
import type { ServedPort } from "../../host/docker/waitForContainers";

export interface RolloutGateInputs {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** The replicas whose turn comes before: their ids, by the names that a user knows them by. */
  readonly before: Record<string, string>;
  /** Seconds that each of them may take until it serves. */
  readonly timeoutSeconds: number;
  /** The port that shows whether one without a health check serves. Default: none does */
  readonly port?: ServedPort;
}
