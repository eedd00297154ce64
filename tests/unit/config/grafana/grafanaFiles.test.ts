import { posix } from "node:path";
import { parse } from "yaml";
import { buildGrafanaFiles } from "../../../../config/grafana/grafanaFiles";
import { grafanaFilesFolder, homeDashboard } from "../../../../config/grafana/grafanaFilesFolder";
import { settingsSchema } from "../../../../config/settings/settings";

describe("Grafana's files", () => {
  const files = buildGrafanaFiles(settingsSchema.parse({}), "glasshouse-dev");

  it("are a datasource, a dashboard provider and the dashboards", () => {
    expect(Object.keys(files)).toStrictEqual([
      "provisioning/datasources/glasshouse.yml",
      "provisioning/dashboards/glasshouse.yml",
      "provisioning/plugins/empty.yaml",
      "provisioning/alerting/empty.yaml",
      "dashboards/glasshouse-overview.json",
      "dashboards/glasshouse.json",
      "dashboards/glasshouse-host.json",
      "dashboards/glasshouse-containers.json",
      "dashboards/glasshouse-engine.json",
      "dashboards/glasshouse-prometheus.json",
      ...["image-gallery", "iotd", "access-log"].map((app) => `dashboards/app-${app}.json`),
    ]);
    expect(parse(files["provisioning/plugins/empty.yaml"])).toStrictEqual({ apiVersion: 1 });
    expect(parse(files["provisioning/alerting/empty.yaml"])).toStrictEqual({ apiVersion: 1 });
    expect(parse(files["provisioning/datasources/glasshouse.yml"])).toHaveProperty("datasources");
    expect(files).toHaveProperty([homeDashboard]);
  });

  it("lie where the provider looks for dashboards", () => {
    const { providers } = parse(files["provisioning/dashboards/glasshouse.yml"]) as {
      providers: { options: { path: string } }[];
    };
    const dashboards = Object.keys(files).filter((path) => path.endsWith(".json"));
    const folders = dashboards.map((path) => posix.dirname(`${grafanaFilesFolder}/${path}`));
    expect([...new Set(folders)]).toStrictEqual(providers.map(({ options }) => options.path));
  });
});
