import type { DockerHost } from "../../host/access/dockerHost";

export interface SingleNodeSwarmInputs {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
}
