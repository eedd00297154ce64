import { parse } from "yaml";
import { blackboxExporter } from "../../../../config/servers/blackboxExporter";
import { buildSettings } from "../../support/testSettings";

const url = "https://shop.example/health";
const build = (probe: object) => buildSettings({ probes: [{ name: "home", url, ...probe }] });

function moduleOf(probe: object): unknown {
  const { configuration } = blackboxExporter.buildWorkload(build(probe));
  const { modules } = parse(configuration?.files["config.yml"] ?? "") as { modules: object };
  return Reflect.get(modules, "home");
}

describe("blackbox-exporter", () => {
  it("is there only where there are probes", () => {
    const without = buildSettings({});
    expect(blackboxExporter.read(without)).toBeUndefined();
    expect(blackboxExporter.jobs(without)).toStrictEqual([]);
    expect(blackboxExporter.ruleGroups(without)).toStrictEqual([]);
    expect(blackboxExporter.read(build({}))).toMatchObject({ memoryMb: 64 });
  });

  it("is asked for every URL as often as its probe says, under the probe's name", () => {
    const settings = build({ intervalSeconds: 60, timeoutSeconds: 9, labels: { app: "shop" } });
    expect(blackboxExporter.jobs(settings)).toStrictEqual([
      {
        job: {
          job_name: "probes",
          metrics_path: "/probe",
          static_configs: [
            {
              targets: [url],
              labels: {
                app: "shop",
                probe: "home",
                __param_module: "home",
                __scrape_interval__: "1m",
                __scrape_timeout__: "10s",
              },
            },
          ],
          relabel_configs: [
            { source_labels: ["__address__"], target_label: "__param_target" },
            { source_labels: ["__address__"], target_label: "instance" },
            { target_label: "__address__", replacement: "blackbox-exporter:9115" },
          ],
        },
        targets: 1,
      },
    ]);
  });

  it("takes any answer of 200 to 299 over TLS for a good one", () => {
    expect(moduleOf({})).toStrictEqual({
      prober: "http",
      timeout: "5s",
      http: { preferred_ip_protocol: "ip4", follow_redirects: true, fail_if_not_ssl: true },
    });
  });

  it("wants what the probe says", () => {
    const ca = "package.json";
    const wanted = { statusCodes: [301], bodyMatches: "moved", followRedirects: false, ca };
    expect(moduleOf(wanted)).toMatchObject({
      http: {
        follow_redirects: false,
        valid_status_codes: [301],
        fail_if_body_not_matches_regexp: ["moved"],
        tls_config: { ca_file: "/etc/blackbox_exporter/home.ca" },
      },
    });
    const { configuration } = blackboxExporter.buildWorkload(build(wanted));
    expect(configuration?.files["home.ca"]).toContain("glasshouse");
  });

  it("has its configuration checked before it gets it", () => {
    const { configuration } = blackboxExporter.buildWorkload(build({}));
    expect(configuration?.check).toContain("--config.check");
  });
});
