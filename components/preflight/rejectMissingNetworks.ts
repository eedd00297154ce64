import type { Settings } from "../../config/settings";
import { buildUserMistake } from "../../config/userMistake";
import { buildDockerHost } from "../../host/access/dockerHost";
import { fetchFromEngine } from "../../host/docker/engineRequest";

/**
 * Refuses networks that apps join and that are not on the host: they are somebody else's to create.
 *
 * @throws pulumi.RunError with every such network, before anything is touched
 */
export async function rejectMissingNetworks({
  host,
  apps,
}: Pick<Settings, "host" | "apps">): Promise<void> {
  const wanted = apps.flatMap(({ name, networks }, index) =>
    networks.map((network, place) => ({
      network,
      path: `apps[${index}].networks[${place}] (${name})`,
    })),
  );
  const dockerHost = buildDockerHost(host.uri, host.certPath);
  const missing = await Promise.all(
    wanted.map(async (each) => {
      const path = `/networks/${encodeURIComponent(each.network)}`;
      const { status } = await fetchFromEngine(dockerHost, path, 10);
      return status === 404 ? [each] : [];
    }),
  );
  const lines = missing
    .flat()
    .map(
      ({ network, path }) =>
        `  ${path}: ${network} is not there; to create it: docker network create ${network}`,
    );
  if (lines.length === 0) return;
  throw buildUserMistake(
    ["Some networks that apps join are missing. Nothing was changed.", ...lines].join("\n"),
  );
}
