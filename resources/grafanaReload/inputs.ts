import type { DockerHost } from "../../host/access/dockerHost";
import type { Files } from "../../host/docker/archive";

export interface GrafanaReloadInputs {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** Id of Grafana's container. */
  readonly container: string;
  /** What Grafana is provisioned from: datasources below `provisioning/datasources`, dashboards below `dashboards`. */
  readonly files: Files;
  /** Changes whenever one of the files was written. */
  readonly revision: string;
  /** File inside the container that holds the admin's password. */
  readonly passwordFile: string;
  /** Changes whenever the password was written. */
  readonly passwordRevision: string;
}
