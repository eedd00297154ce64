import type { Settings } from "../../config/settings/settings";
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
  swarm,
}: Pick<Settings, "host" | "apps" | "discovery" | "swarm">): Promise<void> {
  const wanted = [
    ...apps.flatMap(({ name, networks }, index) =>
      networks.map((network, place) => ({
        network,
        path: `apps[${index}].networks[${place}] (${name})`,
        isOfSwarm: swarm.mode !== "off",
      })),
    ),
    ...(discovery.enabled ? discovery.networks : []).map((network, place) => ({
      network,
      path: `discovery.networks[${place}]`,
      isOfSwarm: false,
    })),
  ];
  const missing = await Promise.all(
    wanted.map(async (each) => {
      const path = `/networks/${encodeURIComponent(each.network)}`;
      const { status, text } = await fetchFromEngine(host, path, 10);
      const create = each.isOfSwarm ? "create --driver overlay" : "create";
      if (status === 404) {
        const advice = `to create it: docker network ${create} ${each.network}`;
        return [`  ${each.path}: ${each.network} is not there; ${advice}`];
      }
      const isOfHost = status === 200 && (JSON.parse(text) as { Scope?: string }).Scope !== "swarm";
      if (!each.isOfSwarm || !isOfHost) return [];
      return [
        `  ${each.path}: ${each.network} is of this host alone, and services join networks of the Swarm only; to create one: docker network ${create} ANOTHER_NAME`,
      ];
    }),
  );
  const lines = missing.flat();
  if (lines.length === 0) return;
  throw buildUserMistake(
    ["Some networks to join are missing. Nothing was changed.", ...lines].join("\n"),
  );
}
