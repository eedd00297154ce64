import type { DockerHost } from "../../host/access/dockerHost";
import type { WantedContainer } from "../../host/docker/containerDrift";
import type { ServedPort } from "../../host/docker/waitForContainers";

export interface RunningContainersInputs extends WantedContainer {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** The containers to wait for: their ids, by the names that a user knows them by. */
  readonly containers: Record<string, string>;
  /** Seconds that each of them may take until it serves. */
  readonly timeoutSeconds: number;
  /** The port that shows whether one without a health check serves. Default: none does */
  readonly port?: ServedPort;
  /** What signals are sent for: when a value changes, every container that runs on gets the signal of that name. */
  readonly signals?: Record<string, string>;
}
