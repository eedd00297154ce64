import type { DockerHost } from "../../host/access/dockerHost";

export interface PrometheusReloadInputs {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** Id of Prometheus' container. */
  readonly container: string;
  /** Changes whenever one of Prometheus' files was written. */
  readonly revision: string;
}
