import type { DockerHost } from "../../host/access/dockerHost";

export interface AlertmanagerReloadInputs {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** Id of Alertmanager's container. */
  readonly container: string;
  /** The configuration that Alertmanager has to run, as text. */
  readonly config: string;
  /** Changes whenever its configuration or a template was written. */
  readonly revision: string;
  /** Changes whenever one of its secrets was written. */
  readonly secretsRevision: string;
}
