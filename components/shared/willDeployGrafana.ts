import type { DockerHost } from "../../host/access/dockerHost";
import type { GrafanaSettings } from "../../config/settings/settings";
import { holdsImage } from "../../host/docker/holdsImage";

/** Whether the settings, and for `ifImagePresent` the engine, want Grafana in the stack. */
export async function willDeployGrafana(
  { deploy, image }: Pick<GrafanaSettings, "deploy" | "image">,
  dockerHost: DockerHost,
): Promise<boolean> {
  return deploy === "always" || (deploy === "ifImagePresent" && holdsImage(dockerHost, image));
}
