import { parse } from "yaml";
import { discoveryJobName, scrapeLabels } from "../../../config/prometheus/discoveryJob";
import { labels } from "../../../host/labels";
import type { HostNow, ScrapeCandidate } from "../facts";
import type { Note } from "../report";
import type { StackState } from "../stackState";

/** Says of each container that asks to be scraped why it is not, or not as its owner may think. */
export function findDiscoveryNotes(
  { configs }: Pick<StackState, "configs">,
  { scrapeCandidates }: Pick<HostNow, "scrapeCandidates">,
): Note[] {
  const isJoined = configs.map(({ config }) => readJoined(config)).find((found) => found);
  if (isJoined === undefined) return [];
  return scrapeCandidates
    .filter((candidate) => candidate.labels[labels.app] === undefined)
    .flatMap((candidate) => {
      const text = explain(candidate, isJoined);
      return text === undefined ? [] : [{ subject: candidate.name, text }];
    });
}

function explain(
  { labels: own, networks, ports }: ScrapeCandidate,
  isJoined: (network: string) => boolean,
): string | undefined {
  const start = `carries ${scrapeLabels.scrape} and`;
  if (networks.includes("host")) {
    return `${start} is not scraped: on the host's network it has no address of its own. List it under \`scrapeJobs\`, as host.docker.internal:<port>`;
  }
  if (!networks.some(isJoined)) {
    const names = networks.length === 0 ? "none" : networks.join(", ");
    return `${start} is not scraped: it shares no network with Prometheus. Add one of its own (${names}) to \`discovery.networks\``;
  }
  if (own[scrapeLabels.port] !== undefined || ports.length === 1) return undefined;
  return ports.length === 0
    ? `${start} is scraped at port 80, as its image exposes none. Where that is wrong, set ${scrapeLabels.port}`
    : `${start} is scraped at ${Math.min(...ports)}, the lowest of its ports (${ports.join(", ")}). Where another one has the metrics, set ${scrapeLabels.port}`;
}

/** Whether Prometheus looks for containers on a network, as its configuration has it; undefined where it looks for none. */
function readJoined(config: string): ((network: string) => boolean) | undefined {
  const { scrape_configs: jobs } = parse(config) as {
    scrape_configs?: {
      job_name: string;
      relabel_configs?: { source_labels?: string[]; regex?: string; action?: string }[];
    }[];
  };
  const keep = jobs
    ?.find(({ job_name: name }) => name === discoveryJobName)
    ?.relabel_configs?.find(
      ({ source_labels: sources, action }) =>
        action === "keep" && sources?.includes("__meta_docker_network_name"),
    );
  if (keep?.regex === undefined) return undefined;
  const pattern = new RegExp(`^(?:${keep.regex})$`);
  return (network) => pattern.test(network);
}
