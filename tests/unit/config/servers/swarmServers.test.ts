import { buildRules } from "../../../../config/prometheus/rules";
import { buildScrapeConfig } from "../../../../config/prometheus/scrapeJobs";
import { countTargets, listNodeJobs } from "../../../../config/prometheus/countTargets";
import {
  listNodeWorkloads,
  listPrivateNetworks,
  listWorkloads,
} from "../../../../config/servers/servers";
import { settingsSchema } from "../../../../config/settings/settings";

type Input = Parameters<typeof settingsSchema.parse>[0] & object;

const host = {
  hostname: "box",
  socketPath: "/run/docker.sock",
  socketGroup: 7,
  dataRoot: "/var/lib/docker",
  storageDriver: "overlay2",
};
const swarm = { mode: "use" } as const;

function settingsOf(input: Input = {}) {
  return settingsSchema.parse({ apps: [], swarm, ...input });
}

function jobOf(name: string, input?: Input) {
  const jobs = buildScrapeConfig(settingsOf(input), "glasshouse-test").scrape_configs;
  return jobs.find(({ job_name }) => job_name === name);
}

describe("what looks at the host, in a Swarm", () => {
  it("runs on every node; the manager keeps a proxy for discovery", () => {
    const names = (list: ReturnType<typeof listWorkloads>) => list.map(({ server }) => server.name);
    expect(names(listNodeWorkloads(settingsOf()))).toStrictEqual([
      ...["node-exporter", "cadvisor", "docker-api", "engine-metrics"],
    ]);
    expect(names(listWorkloads(settingsOf()))).toStrictEqual(["docker-api"]);
    expect(listPrivateNetworks(settingsOf(), host)).toStrictEqual([
      ...["docker-api-discovery", "docker-api-nodes"],
    ]);
    expect(listNodeWorkloads(settingsOf({ swarm: { mode: "off" } }))).toStrictEqual([]);
  });

  it("has the engine's socket in the proxies alone, and shares no network with them", () => {
    const workloads = listNodeWorkloads(settingsOf()).map(({ server }) => ({
      name: server.name,
      workload: server.buildNodeWorkload?.(settingsOf(), host),
    }));
    const holders = workloads.filter(({ workload }) =>
      Object.values(workload?.hostMounts ?? {}).includes(host.socketPath),
    );
    expect(holders.map(({ name }) => name)).toStrictEqual(["docker-api"]);
    const [proxy] = holders;
    expect(proxy?.workload).toMatchObject({
      user: "65532:7",
      privateNetworks: ["docker-api-nodes"],
      servesPrivateNetworks: true,
      sharedFolder: { name: "docker-api", path: "/run/docker-api", owner: "65532" },
    });
    const files = proxy?.workload?.configuration?.files ?? {};
    // What it is set up by comes before what asks for it.
    expect(proxy?.workload?.command?.filter((each) => each.endsWith(".cfg"))).toStrictEqual(
      ["node.cfg", "haproxy.cfg", "containers.cfg"].map((file) => `/usr/local/etc/haproxy/${file}`),
    );
    expect(Object.values(files).join("\n")).not.toContain("frontend discovery");
    expect(Object.keys(files)).not.toContain("swarm.lua");
    const cadvisor = workloads.find(({ name }) => name === "cadvisor")?.workload;
    expect(cadvisor?.command).toContain("-docker=unix:///run/docker-api/cadvisor.sock");
    expect(cadvisor?.privateNetworks).toBeUndefined();
  });

  it("is scraped by the name of its node, which stays when its address changes", () => {
    expect(jobOf("containers")).toStrictEqual({
      job_name: "containers",
      http_sd_configs: [
        { url: "http://docker-api-discovery:9418/targets", refresh_interval: "15s" },
      ],
      relabel_configs: [
        {
          source_labels: ["__meta_swarm_label_glasshouse_server", "__meta_swarm_network"],
          regex: "docker-api;glasshouse-test-docker-api-nodes",
          action: "keep",
        },
        {
          source_labels: ["__address__"],
          regex: "(.+)",
          replacement: "$1:9417",
          target_label: "__address__",
        },
        { source_labels: ["__meta_swarm_node"], target_label: "node" },
        { source_labels: ["__meta_swarm_node"], target_label: "instance" },
      ],
    });
    expect(jobOf("node")?.relabel_configs?.[0]?.regex).toBe("node-exporter;glasshouse-test");
    expect(jobOf("cadvisor")?.track_timestamps_staleness).toBe(true);
    expect(jobOf("swarm")?.static_configs).toStrictEqual([
      { targets: ["docker-api-discovery:9418"] },
    ]);
    expect(listNodeJobs(settingsOf())).toStrictEqual(["node", "cadvisor", "containers", "docker"]);
    expect(countTargets(settingsOf())).toMatchObject({ node: 1, swarm: 1 });
  });

  it("is missed on nodes that answer and are not drained, by name", () => {
    const rules = buildRules(settingsOf(), "glasshouse-dev").groups.flatMap(
      ({ rules: list }) => list,
    );
    const rule = rules.find(
      (each) =>
        "alert" in each && each.alert === "ExporterDown" && each.labels["exporter"] === "node",
    );
    expect(rule).toMatchObject({
      expr:
        'glasshouse_swarm_node_ready{job="swarm"} == 1 and on (node) ' +
        'glasshouse_swarm_node_info{job="swarm",availability!="drain"} unless on (node) up{job="node"} == 1',
      annotations: {
        summary: "Prometheus gets nothing from node-exporter on {{ $labels.node }}",
      },
    });
  });

  it("is not there without exporters and discovery", () => {
    const nothing = {
      exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
      discovery: { enabled: false },
    };
    expect(listNodeWorkloads(settingsOf(nothing))).toStrictEqual([]);
    expect(jobOf("swarm", nothing)).toBeUndefined();
  });
});

describe("the relay of engine metrics", () => {
  it("hands on the metrics of each node's engine, at the port that the engine serves them at", () => {
    const engineMetrics = { mode: "external", address: "172.17.0.1:9999" } as const;
    const wanted = listNodeWorkloads(settingsOf({ engineMetrics }));
    const relay = wanted.find(({ server }) => server.name === "engine-metrics");
    const workload = relay?.server.buildNodeWorkload?.(settingsOf({ engineMetrics }), host);
    expect(workload?.hosts).toStrictEqual({ "host.docker.internal": "host-gateway" });
    expect(workload?.hostMounts).toBeUndefined();
    expect(workload?.configuration?.files["engine.cfg"]).toContain(
      "setenv ENGINE_METRICS host.docker.internal:9999",
    );
    const missing = workload?.configuration?.files["missing.http"] ?? "";
    expect(missing).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(missing).toMatch(/\r\n\r\n(#.*\n)+glasshouse_engine_metrics_missing 1\n$/);
  });

  it("is scraped in the engine's place, by the node's name", () => {
    expect(jobOf("docker")?.static_configs).toBeUndefined();
    expect(jobOf("docker")?.relabel_configs).toMatchObject([
      { regex: "engine-metrics;glasshouse-test", action: "keep" },
      { replacement: "$1:9419" },
      { target_label: "node" },
      { target_label: "instance" },
    ]);
    expect(countTargets(settingsOf())).toMatchObject({ docker: 1 });
  });

  it("alerts only about an engine that published its metrics before", () => {
    const rules = buildRules(settingsOf(), "glasshouse-dev").groups.flatMap(
      ({ rules: list }) => list,
    );
    const rule = rules.find((each) => "alert" in each && each.alert === "EngineMetricsDown");
    expect(rule).toMatchObject({
      expr:
        'glasshouse_engine_metrics_missing{job="docker"} == 1 and on (node) ' +
        'present_over_time(engine_daemon_engine_info{job="docker"}[1d])',
      annotations: { summary: "Docker Engine metrics are unavailable on {{ $labels.node }}" },
    });
  });

  it("is not there where engines are not measured, nor where nothing tells of nodes", () => {
    expect(jobOf("docker", { engineMetrics: { mode: "off" } })).toBeUndefined();
    const nothing = {
      exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
      discovery: { enabled: false },
    };
    expect(jobOf("docker", nothing)?.static_configs).toStrictEqual([
      { targets: ["host.docker.internal:9323"] },
    ]);
  });
});

describe("the discovery of labelled services", () => {
  it("finds replicas on all nodes, which the discovery of containers leaves out", () => {
    const discovery = { networks: ["shop.net"] };
    const job = jobOf("discovered-services", { discovery });
    expect(job?.relabel_configs).toContainEqual({
      source_labels: ["__meta_swarm_network"],
      regex: "glasshouse-test|shop\\.net",
      action: "keep",
    });
    expect(jobOf("discovered")?.relabel_configs).toContainEqual({
      source_labels: ["__meta_docker_container_label_com_docker_swarm_service_id"],
      regex: ".+",
      action: "drop",
    });
    const alone = { swarm: { mode: "off" as const } };
    expect(jobOf("discovered-services", alone)).toBeUndefined();
    expect(JSON.stringify(jobOf("discovered", alone))).not.toContain("swarm");
  });
});
