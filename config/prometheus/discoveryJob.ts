import { discoveryNetwork, discoveryPort, swarmTargetsUrl } from "../servers/dockerApi";
import type { Settings } from "../settings/settings";
import { renderDuration } from "./renderDuration";
import type { RelabelConfig, ScrapeJob } from "./scrapeConfig";

/** Job of the targets that carry labels; each gets a job of its own name by relabelling. */
export const discoveryJobName = "discovered";

/** The same, for services of a Swarm. */
export const servicesJobName = "discovered-services";

/** Labels by which a container asks to be scraped. */
export const scrapeLabels = { scrape: "prometheus.io/scrape", port: "prometheus.io/port" } as const;

const label = (name: string) =>
  `__meta_docker_container_label_${name.replaceAll(/[^A-Za-z0-9_]/g, "_")}`;

/**
 * All containers of the host that ask to be scraped: `prometheus.io/scrape: "true"`, and where that is not enough `/port`,
 * `/path`, `/scheme` and `/job`. Without `/port` a container is scraped at the lowest
 * port that its image exposes (the proxy of the Docker API tells no other), or at 80.
 *
 * @param stackNetwork name on the host of the network that Prometheus and the stack's own containers share
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#docker_sd_config
 */
export function buildDiscoveryJobs(
  { discovery, swarm }: Pick<Settings, "discovery" | "swarm">,
  stackNetwork: string,
): ScrapeJob[] {
  if (!discovery.enabled) return [];
  const networks = [stackNetwork, ...discovery.networks].map(escapeRegex).join("|");
  const refresh_interval = renderDuration(discovery.refreshSeconds);
  const inSwarm = swarm.mode !== "off";
  return [
    {
      job_name: discoveryJobName,
      fallback_scrape_protocol: "PrometheusText0.0.4",
      docker_sd_configs: [
        {
          host: `tcp://${discoveryNetwork}:${discoveryPort}`,
          refresh_interval,
          // The first one by name would be any: Prometheus may not be on it.
          match_first_network: false,
        },
      ],
      relabel_configs: [
        { source_labels: [label(scrapeLabels.scrape)], regex: "true", action: "keep" },
        { source_labels: ["__meta_docker_network_name"], regex: networks, action: "keep" },
        // Apps of a Glasshouse stack have jobs of their own.
        { source_labels: [label("glasshouse.app")], regex: ".+", action: "drop" },
        // Replicas of services are found on all nodes.
        ...(inSwarm
          ? [
              {
                source_labels: [label("com.docker.swarm.service.id")],
                regex: ".+",
                action: "drop",
              } as const,
            ]
          : []),
        copy(
          ["__meta_docker_network_ip", label(scrapeLabels.port)],
          "(.+);(\\d+)",
          "$1:$2",
          "__address__",
        ),
        copy([label("prometheus.io/path")], "(.+)", "$1", "__metrics_path__"),
        copy([label("prometheus.io/scheme")], "(https?)", "$1", "__scheme__"),
        copy(["__meta_docker_container_name"], "/(.+)", "$1", "container"),
        // Named after the service where there is one; a label of its own wins.
        copy(["container"], "(.+)", "$1", "job"),
        copy([label("com.docker.compose.service")], "(.+)", "$1", "job"),
        copy([label("prometheus.io/job")], "(.+)", "$1", "job"),
        // An address changes with every new container; the name stays.
        copy(["container", "__address__"], "(.+);.*:(\\d+)", "$1:$2", "instance"),
      ],
    },
    ...(inSwarm ? [buildServicesJob(networks, refresh_interval)] : []),
  ];
}

/** The same for the replicas of services, on every node of a Swarm. */
function buildServicesJob(networks: string, refresh_interval: string): ScrapeJob {
  const own = (name: string) => `__meta_swarm_label_${name.replaceAll(/[^A-Za-z0-9_]/g, "_")}`;
  return {
    job_name: servicesJobName,
    fallback_scrape_protocol: "PrometheusText0.0.4",
    http_sd_configs: [{ url: swarmTargetsUrl, refresh_interval }],
    relabel_configs: [
      { source_labels: [own(scrapeLabels.scrape)], regex: "true", action: "keep" },
      { source_labels: ["__meta_swarm_network"], regex: networks, action: "keep" },
      { source_labels: [own("glasshouse.app")], regex: ".+", action: "drop" },
      // Which port an image exposes is not known here.
      copy(["__address__"], "(.+)", "$1:80", "__address__"),
      copy(["__address__", own(scrapeLabels.port)], "(.+):80;(\\d+)", "$1:$2", "__address__"),
      copy([own("prometheus.io/path")], "(.+)", "$1", "__metrics_path__"),
      copy([own("prometheus.io/scheme")], "(https?)", "$1", "__scheme__"),
      copy(["__meta_swarm_replica"], "(.+)", "$1", "container"),
      copy(["__meta_swarm_node"], "(.+)", "$1", "node"),
      copy(["__meta_swarm_service"], "(.+)", "$1", "job"),
      copy([own("prometheus.io/job")], "(.+)", "$1", "job"),
      copy(["container", "__address__"], "(.+);.*:(\\d+)", "$1:$2", "instance"),
    ],
  };
}

/** Where the sources, joined by `;`, match as a whole: puts the replacement into a label. */
function copy(
  sources: readonly string[],
  regex: string,
  replacement: string,
  target: string,
): RelabelConfig {
  return { source_labels: sources, regex, replacement, target_label: target };
}

function escapeRegex(name: string): string {
  return name.replaceAll(".", "\\.");
}
