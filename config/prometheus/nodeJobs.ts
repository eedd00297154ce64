import { swarmJobName, swarmTargetsUrl } from "../servers/dockerApi";
import type { NodeTargets, ServerJob } from "../servers/server";
import type { Settings } from "../settings/settings";
import { renderDuration } from "./renderDuration";
import type { RelabelConfig, ScrapeJob } from "./scrapeConfig";
import { selectSeries } from "./selectSeries";

/** Label of a server's replicas on nodes: the server's name. */
export const serverLabel = "glasshouse.server";

/** The nodes of a Swarm that answer and run replicas; one that is down has an alert of its own. */
export const activeNodes =
  `${selectSeries("glasshouse_swarm_node_ready", swarmJobName)} == 1 and on (node) ` +
  selectSeries("glasshouse_swarm_node_info", swarmJobName, 'availability!="drain"');

/**
 * A server's job with its targets: on each node of a Swarm the replica that runs there, under the node's name, which stays when its
 * address changes.
 *
 * @param stackNetwork name on the host of the network that all containers share
 */
export function completeServerJob(
  server: string,
  { job, onEachNode }: ServerJob,
  settings: Pick<Settings, "discovery">,
  stackNetwork: string,
): ScrapeJob {
  if (onEachNode === undefined) return job;
  return {
    ...job,
    http_sd_configs: [
      {
        url: swarmTargetsUrl,
        refresh_interval: renderDuration(settings.discovery.refreshSeconds),
      },
    ],
    relabel_configs: buildRelabelings(server, onEachNode, stackNetwork),
  };
}

function buildRelabelings(
  server: string,
  { port, network }: NodeTargets,
  stackNetwork: string,
): RelabelConfig[] {
  const networkName = network === undefined ? stackNetwork : `${stackNetwork}-${network}`;
  return [
    {
      source_labels: [
        `__meta_swarm_label_${serverLabel.replaceAll(".", "_")}`,
        "__meta_swarm_network",
      ],
      regex: `${server};${networkName.replaceAll(".", "\\.")}`,
      action: "keep",
    },
    {
      source_labels: ["__address__"],
      regex: "(.+)",
      replacement: `$1:${port}`,
      target_label: "__address__",
    },
    ...["node", "instance"].map((target_label) => ({
      source_labels: ["__meta_swarm_node"],
      target_label,
    })),
  ];
}
