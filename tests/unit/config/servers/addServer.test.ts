import { parseSettings } from "../../../../config/settings/parseSettings";
import { countTargets } from "../../../../config/prometheus/countTargets";
import { buildRules } from "../../../../config/prometheus/rules";
import { buildStaticJob } from "../../../../config/prometheus/scrapeConfig";
import { buildScrapeConfig } from "../../../../config/prometheus/scrapeJobs";
import { listPublishedPorts } from "../../../../config/publishedPorts";
import type { Server } from "../../../../config/servers/server";
import { listPrivateNetworks, listWorkloads, servers } from "../../../../config/servers/servers";
import { findOwner, type ResourceFacts } from "../../../../policy/stackFacts";
import { buildSettings } from "../../support/testSettings";

/** docs/architecture.md, "How to add a server": one descriptor, and one line in the list of servers. */
const toaster: Server = {
  name: "toaster",
  title: "the toaster",
  componentType: "glasshouse:server:Server",
  // Stands for a group of its own in the settings.
  settingsPath: ["exporters", "node"],
  read: () => ({
    image: "example/toaster:1",
    publishAddress: "0.0.0.0",
    publishPort: 9999,
    memoryMb: 64,
    cpus: 1,
  }),
  port: 9000,
  readyPath: "/",
  volumes: [{ role: "crumbs", holdsData: true }],
  buildWorkload: () => ({
    user: "1:1",
    healthCommand: ["true"],
    privateNetworks: ["docker-api-discovery"],
    pids: 10,
  }),
  jobs: () => [{ job: buildStaticJob("toasts", "toaster:9000"), targets: 2 }],
  ruleGroups: () => [
    { name: "toaster", rules: [{ record: "toaster:toasts:rate", expr: "vector(1)" }] },
  ],
};

const host = {
  hostname: "box",
  socketPath: "/var/run/docker.sock",
  socketGroup: 1,
  dataRoot: "/var/lib/docker",
  storageDriver: "overlay2",
};
const settings = buildSettings();
const surroundings = { fileExists: () => true, secretKeys: new Set<string>() };

beforeAll(() => (servers as Server[]).push(toaster));
afterAll(() => (servers as Server[]).pop());

describe("a server that is added to the list", () => {
  it("is deployed by the component of all servers, on the networks that it asks for", () => {
    expect(listWorkloads(settings).map(({ server }) => server.name)).toContain("toaster");
    expect(listPrivateNetworks(settings, host)).toContain("docker-api-discovery");
  });

  it("is scraped, counted and watched", () => {
    const jobs = buildScrapeConfig(settings, "net").scrape_configs;
    expect(jobs.map(({ job_name }) => job_name)).toContain("toasts");
    expect(countTargets(settings)["toasts"]).toBe(2);
    expect(buildRules(settings, "glasshouse-dev").groups.map(({ name }) => name)).toContain(
      "toaster",
    );
  });

  it("keeps its names and its port to itself", () => {
    const app = { name: "toaster", image: "a:1", jobName: "toasts", publishPort: 9999 };
    const parsed = parseSettings({ apps: [app] }, surroundings);
    const found = "problems" in parsed ? parsed.problems.map(({ rule }) => rule) : [];
    expect(found).toEqual(
      expect.arrayContaining([
        "must not be the alias of the toaster",
        "must not be the job that scrapes the toaster",
      ]),
    );
    const ports = listPublishedPorts(settings, { isLeftOut: () => false });
    expect(ports).toContainEqual({
      path: "exporters.node.publishPort",
      address: "0.0.0.0",
      port: 9999,
    });
  });

  it("is warned about where other machines reach it", () => {
    const parsed = parseSettings({}, surroundings);
    expect("warnings" in parsed && parsed.warnings.join()).toContain("lets other machines in");
  });

  it("is called by its settings in the policy's messages", () => {
    const parent: ResourceFacts = {
      urn: "urn:toaster",
      type: toaster.componentType,
      name: "toaster",
      props: {},
      sources: {},
    };
    const container = { ...parent, urn: "urn:c", name: "toaster-server", parent: parent.urn };
    expect(findOwner([parent, container], container).name).toBe("toaster");
  });
});
