import type { Settings } from "../../config/settings";
import { buildUserMistake } from "../../config/userMistake";
import { fetchFromEngine } from "../../host/docker/engineRequest";

/**
 * Refuses networks that apps or Prometheus join and that are not on the host: someone else creates them.
 *
 * @throws pulumi.RunError with every such network, before anything is touched
 */
export async function rejectMissingNetworks({
  host,
  apps,
  discovery,
}: Pick<Settings, "host" | "apps" | "discovery">): Promise<void> {
  const wanted = [
    ...apps.flatMap(({ name, networks }, index) =>
      networks.map((network, place) => ({
        network,
        path: `apps[${index}].networks[${place}] (${name})`,
      })),
    ),
    ...(discovery.enabled ? discovery.networks : []).map((network, place) => ({
      network,
      path: `discovery.networks[${place}]`,
    })),
  ];
  const missing = await Promise.all(
    wanted.map(async (each) => {
      const path = `/networks/${encodeURIComponent(each.network)}`;
      const { status } = await fetchFromEngine(host, path, 10);
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
    ["Some networks to join are missing. Nothing was changed.", ...lines].join("\n"),
  );
}
