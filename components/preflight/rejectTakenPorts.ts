import { listPublishedPorts } from "../../config/publishedPorts";
import type { Settings } from "../../config/settings/settings";
import { buildUserMistake } from "../../config/userMistake";
import { findPortHolder } from "../../host/access/findPortHolder";
import type { ListedContainer } from "../../host/docker/listContainers";
import { openHost } from "../../host/access/openHost";
import { buildStackLabels } from "../shared/deployment";
import { willDeployGrafana } from "../shared/willDeployGrafana";

/**
 * Refuses host ports that are already in use. Docker itself would say so only after the old container is gone and the
 * new one is made, without the name of a setting.
 *
 * @param containers those on the host
 * @throws pulumi.RunError with every such port, before anything is touched
 */
export async function rejectTakenPorts(
  settings: Settings,
  containers: readonly ListedContainer[],
): Promise<void> {
  const withGrafana = await willDeployGrafana(settings.grafana, settings.host);
  const ports = listPublishedPorts(settings, {
    isLeftOut: ({ name }) => name === "grafana" && !withGrafana,
  });
  const host = openHost(settings.host);
  const problems = await Promise.all(
    ports.map(async ({ path, ...wanted }) => {
      const holder = await findPortHolder(host, containers, wanted, buildStackLabels());
      return holder === undefined ? [] : [`  ${path}: ${wanted.address}:${wanted.port} ${holder}`];
    }),
  );
  const lines = problems.flat();
  if (lines.length === 0) return;
  throw buildUserMistake(
    [
      "Some ports this stack publishes are already in use. Nothing was changed.",
      ...lines,
      "Free the port, or set another one in the stack file.",
    ].join("\n"),
  );
}
