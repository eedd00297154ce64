import { buildExternalJobs, listJobFiles } from "../../../../config/prometheus/externalJobs";
import { settingsSchema } from "../../../../config/settings/settings";

type Job = Parameters<typeof settingsSchema.parse>[0] & object;

function build(job: object) {
  const settings = settingsSchema.parse({
    apps: [],
    scrapeJobs: [{ name: "nas", targets: ["nas.example:9100"], ...job }],
  } satisfies Job);
  return {
    job: buildExternalJobs(settings)[0],
    files: settings.scrapeJobs.flatMap(listJobFiles),
  };
}

const plain = {
  job_name: "nas",
  fallback_scrape_protocol: "PrometheusText0.0.4",
  static_configs: [{ targets: ["nas.example:9100"] }],
};

describe("a scrape job of the stack file", () => {
  it("is an address and the defaults of all jobs", () => {
    expect(build({})).toStrictEqual({ job: plain, files: [] });
  });

  it("says how, how often and where it is asked", () => {
    const { job } = build({
      scheme: "https",
      metricsPath: "/federate",
      params: { "match[]": ['{job="node"}', "up"] },
      honorLabels: true,
      scrapeIntervalSeconds: 60,
    });
    expect(job).toStrictEqual({
      ...plain,
      scheme: "https",
      metrics_path: "/federate",
      params: { "match[]": ['{job="node"}', "up"] },
      honor_labels: true,
      scrape_interval: "1m",
    });
  });

  it("finds targets by names and by files of the host", () => {
    const { job } = build({
      targets: [],
      dns: { names: ["_metrics._tcp.example"], type: "SRV", refreshSeconds: 60 },
      targetsFolder: "/srv/targets",
    });
    expect(job?.static_configs).toBeUndefined();
    expect(job?.dns_sd_configs).toStrictEqual([
      { names: ["_metrics._tcp.example"], type: "SRV", refresh_interval: "1m" },
    ]);
    expect(job?.file_sd_configs).toStrictEqual([
      { files: ["/targets/nas/*.json", "/targets/nas/*.yml", "/targets/nas/*.yaml"] },
    ]);
  });

  it("names files where its password, token and key are, and never holds them", () => {
    const password = { config: "nasPassword" };
    const { job, files } = build({
      scheme: "https",
      basicAuth: { username: "prometheus", password },
      tls: {
        ca: "certs/ca.pem",
        certificate: "certs/client.pem",
        key: { config: "nasKey" },
        serverName: "nas",
      },
    });
    expect(job).toStrictEqual({
      ...plain,
      scheme: "https",
      basic_auth: { username: "prometheus", password_file: "secrets/nas.password" },
      tls_config: {
        ca_file: "secrets/nas.ca",
        cert_file: "secrets/nas.certificate",
        key_file: "secrets/nas.key",
        server_name: "nas",
      },
    });
    expect(files).toStrictEqual([
      { path: "secrets/nas.password", from: { secret: "nasPassword" } },
      { path: "secrets/nas.key", from: { secret: "nasKey" } },
      { path: "secrets/nas.ca", from: { source: "certs/ca.pem" } },
      { path: "secrets/nas.certificate", from: { source: "certs/client.pem" } },
    ]);
    const other = build({ bearerToken: { config: "nasToken" } });
    expect(other.job?.authorization).toStrictEqual({ credentials_file: "secrets/nas.token" });
    expect(other.files).toStrictEqual([
      { path: "secrets/nas.token", from: { secret: "nasToken" } },
    ]);
  });

  it("labels its targets before its own relabelling, a dollar as it is", () => {
    const { job } = build({
      labels: { rack: "a$1" },
      relabel: [{ sourceLabels: ["__address__"], regex: "(.*):.*", targetLabel: "instance" }],
      metricRelabel: [{ regex: "id", action: "labeldrop" }],
    });
    expect(job?.relabel_configs).toStrictEqual([
      { target_label: "rack", replacement: "a$$1" },
      { source_labels: ["__address__"], regex: "(.*):.*", target_label: "instance" },
    ]);
    expect(job?.metric_relabel_configs).toStrictEqual([{ regex: "id", action: "labeldrop" }]);
  });
});
