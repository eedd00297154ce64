import { parse } from "yaml";
import type { AppSettingsInput } from "../../../../config/settings/appSettings";
import type { ScrapeConfig, ScrapeJob } from "../../../../config/prometheus/scrapeConfig";
import { buildScrapeConfig, renderScrapeConfig } from "../../../../config/prometheus/scrapeJobs";
import { settingsSchema } from "../../../../config/settings/settings";

type Input = Parameters<typeof settingsSchema.parse>[0] & object;

const withoutExporters = {
  exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
  discovery: { enabled: false },
};

function scrapeConfigOf(given: Input): ScrapeConfig {
  const input = { ...withoutExporters, ...given };
  return parse(
    renderScrapeConfig(buildScrapeConfig(settingsSchema.parse(input), "glasshouse-test")),
  ) as ScrapeConfig;
}

function jobOf(app: Partial<AppSettingsInput>, prometheus = {}): ScrapeJob | undefined {
  const config = scrapeConfigOf({ apps: [{ name: "shop", image: "shop", ...app }], prometheus });
  return config.scrape_configs.find(({ job_name }) => job_name === (app.jobName ?? "shop"));
}

describe("the scrape configuration", () => {
  it("labels what leaves Prometheus as the settings say", () => {
    const prometheus = { externalLabels: { environment: "production" } };
    expect(scrapeConfigOf({ prometheus }).global.external_labels).toStrictEqual({
      environment: "production",
    });
  });

  it("scrapes the samples as the chapter does, Prometheus itself and the engine", () => {
    expect(scrapeConfigOf({})).toStrictEqual({
      global: {
        scrape_interval: "10s",
        scrape_timeout: "10s",
        evaluation_interval: "10s",
        body_size_limit: "32MiB",
        sample_limit: 100_000,
      },
      rule_files: ["rules.yml"],
      scrape_configs: [
        {
          job_name: "access-log",
          fallback_scrape_protocol: "PrometheusText0.0.4",
          dns_sd_configs: [{ names: ["accesslog"], type: "A", port: 80, refresh_interval: "5s" }],
          relabel_configs: [{ target_label: "app", replacement: "access-log" }],
        },
        { job_name: "docker", static_configs: [{ targets: ["host.docker.internal:9323"] }] },
        {
          job_name: "image-gallery",
          fallback_scrape_protocol: "PrometheusText0.0.4",
          static_configs: [{ targets: ["image-gallery:80"], labels: { app: "image-gallery" } }],
        },
        {
          job_name: "iotd-api",
          metrics_path: "/actuator/prometheus",
          fallback_scrape_protocol: "PrometheusText0.0.4",
          static_configs: [{ targets: ["iotd:80"], labels: { app: "iotd" } }],
        },
        { job_name: "prometheus", static_configs: [{ targets: ["localhost:9090"] }] },
      ],
    });
  });

  it("is the same text for the same apps in another order", () => {
    const apps = ["b", "a", "c"].map((name) => ({ name, image: "shop" }));
    const render = (list: typeof apps) =>
      renderScrapeConfig(
        buildScrapeConfig(settingsSchema.parse({ apps: list }), "glasshouse-test"),
      );
    expect(render([...apps].reverse())).toBe(render(apps));
  });

  it("scrapes the engine at the port of its address", () => {
    const { scrape_configs } = scrapeConfigOf({
      apps: [],
      engineMetrics: { mode: "external", address: "172.17.0.1:9999" },
    });
    expect(scrape_configs[0]).toStrictEqual({
      job_name: "docker",
      static_configs: [{ targets: ["host.docker.internal:9999"] }],
    });
  });

  it("has no job for an engine whose metrics are off", () => {
    const { scrape_configs } = scrapeConfigOf({ apps: [], engineMetrics: { mode: "off" } });
    expect(scrape_configs.map(({ job_name }) => job_name)).toStrictEqual(["prometheus"]);
  });

  it("has no job for an app without replicas", () => {
    expect(jobOf({ replicas: 0 })).toBeUndefined();
  });

  it("finds every replica by DNS, under a label that outlives their addresses", () => {
    expect(jobOf({ replicas: 2, alias: "till", port: 8080, jobName: "orders" })).toStrictEqual({
      job_name: "orders",
      fallback_scrape_protocol: "PrometheusText0.0.4",
      dns_sd_configs: [{ names: ["till"], type: "A", port: 8080, refresh_interval: "5s" }],
      relabel_configs: [{ target_label: "app", replacement: "shop" }],
    });
  });

  it.each([
    [1, "1s"],
    [2, "1s"],
    [5, "2s"],
    [10, "5s"],
    [60, "30s"],
    [3600, "30s"],
  ])("asks the DNS in time for a scrape every %i s", (scrapeIntervalSeconds, refresh) => {
    const job = jobOf({ replicas: 2, scrapeIntervalSeconds });
    expect(job?.dns_sd_configs?.[0]?.refresh_interval).toBe(refresh);
  });

  it.each([
    [1, "1s"],
    [9, "9s"],
    [10, "10s"],
    [90, "10s"],
  ])("keeps the timeout within a global interval of %i s", (scrapeIntervalSeconds, timeout) => {
    const { global } = scrapeConfigOf({ prometheus: { scrapeIntervalSeconds } });
    expect(global.scrape_timeout).toBe(timeout);
  });

  it("names an app's interval and timeout where they differ from the global ones", () => {
    expect(jobOf({ scrapeIntervalSeconds: 5 })).toMatchObject({
      scrape_interval: "5s",
      scrape_timeout: "5s",
    });
    expect(jobOf({ scrapeIntervalSeconds: 90 }, { scrapeIntervalSeconds: 2 })).toMatchObject({
      scrape_interval: "1m30s",
      scrape_timeout: "10s",
    });
  });

  it("leaves out an app's interval where it equals the global one", () => {
    const job = jobOf({ scrapeIntervalSeconds: 10 });
    expect(job).not.toHaveProperty("scrape_interval");
    expect(job).not.toHaveProperty("scrape_timeout");
  });

  it("leaves out only the timeout where two intervals share it", () => {
    const job = jobOf({ scrapeIntervalSeconds: 60 });
    expect(job).toHaveProperty("scrape_interval", "1m");
    expect(job).not.toHaveProperty("scrape_timeout");
  });

  it("reads no more of an answer than the settings allow", () => {
    const { global } = scrapeConfigOf({
      prometheus: { maxScrapeMb: 2048, maxScrapeSamples: 500 },
    });
    expect(global).toMatchObject({ body_size_limit: "2GiB", sample_limit: 500 });
  });

  it("assumes the format that the app is known to send", () => {
    const job = jobOf({ fallbackScrapeProtocol: "OpenMetricsText1.0.0" });
    expect(job?.fallback_scrape_protocol).toBe("OpenMetricsText1.0.0");
  });
});

describe("what looks at the whole host", () => {
  const jobs = scrapeConfigOf({ apps: [], exporters: {}, discovery: {} }).scrape_configs;
  const find = (name: string) => jobs.find(({ job_name }) => job_name === name);

  it("is scraped by its name on the network it is on", () => {
    expect(find("node")?.static_configs).toStrictEqual([{ targets: ["node-exporter:9100"] }]);
    expect(find("cadvisor")?.static_configs).toStrictEqual([{ targets: ["cadvisor:8080"] }]);
    expect(find("containers")?.static_configs).toStrictEqual([
      { targets: ["docker-api-discovery:9417"] },
    ]);
  });

  it("drops cAdvisor's paths of cgroups: a container is known by its name", () => {
    expect(find("cadvisor")?.metric_relabel_configs).toContainEqual({
      regex: "id",
      action: "labeldrop",
    });
  });
});

describe("the discovery of labelled containers", () => {
  function relabelingsOf(discovery: object) {
    const jobs = scrapeConfigOf({ apps: [], discovery }).scrape_configs;
    return jobs.find(({ job_name }) => job_name === "discovered")?.relabel_configs ?? [];
  }

  it("asks the proxy, and keeps who asks to be scraped", () => {
    const jobs = scrapeConfigOf({ apps: [], discovery: { refreshSeconds: 5 } }).scrape_configs;
    const job = jobs.find(({ job_name }) => job_name === "discovered");
    expect(job?.docker_sd_configs).toStrictEqual([
      {
        host: "tcp://docker-api-discovery:2375",
        refresh_interval: "5s",
        match_first_network: false,
      },
    ]);
    expect(relabelingsOf({})).toContainEqual({
      source_labels: ["__meta_docker_container_label_prometheus_io_scrape"],
      regex: "true",
      action: "keep",
    });
  });

  it("keeps to networks that Prometheus is on", () => {
    const keeping = (discovery: object) =>
      relabelingsOf(discovery).find(({ source_labels: [source] = [] }) =>
        source?.includes("network_name"),
      )?.regex;
    expect(keeping({})).toBe("glasshouse-test");
    expect(keeping({ networks: ["shop_default", "a.b"] })).toBe(
      "glasshouse-test|shop_default|a\\.b",
    );
  });

  it("leaves out the apps of Glasshouse's own stacks, which have jobs", () => {
    expect(relabelingsOf({})).toContainEqual({
      source_labels: ["__meta_docker_container_label_glasshouse_app"],
      regex: ".+",
      action: "drop",
    });
  });

  it("is no job where it is switched off", () => {
    expect(relabelingsOf({ enabled: false })).toStrictEqual([]);
  });
});

describe("the scrape configuration of a Swarm", () => {
  it("asks for all tasks of a service, and differs in nothing else", () => {
    const apps = [{ name: "shop", image: "shop", alias: "store", replicas: 3 }];
    const plain = scrapeConfigOf({ apps });
    const swarm = scrapeConfigOf({ apps, swarm: { mode: "init" } });
    const job = swarm.scrape_configs.find(({ job_name }) => job_name === "shop");
    expect(job?.dns_sd_configs?.[0]?.names).toStrictEqual(["tasks.store"]);
    expect(JSON.stringify(swarm).replace("tasks.store", "store")).toBe(JSON.stringify(plain));
  });
});
