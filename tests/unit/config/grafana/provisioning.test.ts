import { settingsSchema } from "../../../../config/settings/settings";
import { parse } from "yaml";
import { buildDashboardProvider } from "../../../../config/grafana/dashboardProvider";
import { buildDatasource } from "../../../../config/grafana/datasource";
import { renderProvisioning } from "../../../../config/grafana/renderProvisioning";

describe("the datasource", () => {
  it("is Prometheus under a fixed uid, with the scrape interval as smallest step", () => {
    const file = buildDatasource({
      prometheus: settingsSchema.parse({ prometheus: { scrapeIntervalSeconds: 90 } }).prometheus,
    });
    expect(parse(renderProvisioning(file))).toStrictEqual({
      apiVersion: 1,
      prune: true,
      datasources: [
        {
          name: "Prometheus",
          type: "prometheus",
          uid: "glasshouse-prometheus",
          access: "proxy",
          url: "http://prometheus:9090",
          isDefault: true,
          editable: false,
          jsonData: { httpMethod: "POST", timeInterval: "1m30s" },
        },
      ],
    });
  });
});

describe("the dashboard provider", () => {
  it("follows its folder and takes no changes from the browser", () => {
    expect(parse(renderProvisioning(buildDashboardProvider("/boards")))).toStrictEqual({
      apiVersion: 1,
      providers: [
        {
          name: "glasshouse",
          type: "file",
          allowUiUpdates: false,
          disableDeletion: false,
          updateIntervalSeconds: 10,
          options: { path: "/boards" },
        },
      ],
    });
  });

  it("doubles a dollar sign, which Grafana takes for a variable", () => {
    expect(parse(renderProvisioning(buildDashboardProvider("/a$b$c")))).toHaveProperty(
      "providers.0.options.path",
      "/a$$b$$c",
    );
  });
});
