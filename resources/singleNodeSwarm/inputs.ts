import type { DockerHost } from "../../host/access/dockerHost";

export interface SingleNodeSwarmInputs {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** Labels of a Swarm that is made here. */
  readonly labels: Readonly<Record<string, string>>;
}
