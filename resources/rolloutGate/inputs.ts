import type { DockerHost } from "../../host/access/dockerHost";
export interface RolloutGateInputs {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** The replicas whose turn comes before: their ids, by the names that a user knows them by. */
  readonly before: Record<string, string>;
  /** Seconds that each of them may take until it runs and, with a health check, is healthy. */
  readonly timeoutSeconds: number;
}
