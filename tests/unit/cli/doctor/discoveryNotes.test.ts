import { findDiscoveryNotes } from "../../../../cli/doctor/checks/discoveryNotes";
import type { ScrapeCandidate } from "../../../../cli/doctor/facts";
import { buildScrapeConfig, renderScrapeConfig } from "../../../../config/prometheus/scrapeJobs";
import { buildSettings } from "../../support/testSettings";

function notesOf(candidate: Partial<ScrapeCandidate>, discovery = {}): string[] {
  const settings = buildSettings({ discovery: { networks: ["shop_default"], ...discovery } });
  const config = renderScrapeConfig(buildScrapeConfig(settings, "glasshouse-test"));
  const scrapeCandidates = [
    { name: "till", labels: {}, networks: ["shop_default"], ports: [8080], ...candidate },
  ];
  const configs = [{ container: "prometheus", config, olds: {} }];
  return findDiscoveryNotes({ configs }, { scrapeCandidates }).map(
    ({ subject, text }) => `${subject} ${text}`,
  );
}

describe("a container that asks to be scraped", () => {
  it.each<[string, Partial<ScrapeCandidate>]>([
    ["has one port, on a joined network", {}],
    ["is on the stack's own network", { networks: ["bridge", "glasshouse-test"] }],
    ["names the port", { ports: [80, 443], labels: { "prometheus.io/port": "443" } }],
    ["is an app of a stack", { networks: ["x"], labels: { "glasshouse.app": "shop" } }],
  ])("is not spoken of when it %s", (_, candidate) => {
    expect(notesOf(candidate)).toStrictEqual([]);
  });

  it.each<[string, Partial<ScrapeCandidate>, string]>([
    [
      "shares no network with Prometheus",
      { networks: ["a", "shop_default_2"] },
      "is not scraped: it shares no network with Prometheus. Add one of its own (a, shop_default_2) to `discovery.networks`",
    ],
    [
      "is on the host's network",
      { networks: ["host"] },
      "is not scraped: on the host's network it has no address of its own. List it under `scrapeJobs`, as host.docker.internal:<port>",
    ],
    [
      "has no port",
      { ports: [] },
      "is scraped at port 80, as its image exposes none. Where that is wrong, set prometheus.io/port",
    ],
    [
      "has several ports",
      { ports: [80, 9100] },
      "is scraped at 80, the lowest of its ports (80, 9100). Where another one has the metrics, set prometheus.io/port",
    ],
  ])("is told of when it %s", (_, candidate, text) => {
    expect(notesOf(candidate)).toStrictEqual([`till carries prometheus.io/scrape and ${text}`]);
  });

  it("is not told of where nothing is discovered", () => {
    expect(notesOf({ networks: ["a"] }, { enabled: false })).toStrictEqual([]);
  });
});
