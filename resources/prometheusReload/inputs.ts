import type { DockerHost } from "../../host/access/dockerHost";
export interface PrometheusReloadInputs {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** Id of Prometheus' container. */
  readonly container: string;
  /** The scrape config that Prometheus has to run, as text. */
  readonly config: string;
  /** The rule file that Prometheus has to run, as text. */
  readonly rules: string;
  /** Changes whenever one of Prometheus' files was written. */
  readonly revision: string;
}
