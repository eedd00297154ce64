import type { AppSettingsInput } from "../../../../config/settings/appSettings";
import { buildOverviewDashboard } from "../../../../config/grafana/dashboards/overview";
import { findDashboardProblems } from "../../support/findDashboardProblems";
import { listQueries } from "../../../../config/grafana/listQueries";
import { settingsSchema } from "../../../../config/settings/settings";

/** The queries of the row `Apps`: panel, legend and query. */
function readRow(apps: readonly AppSettingsInput[]): string[][] {
  const dashboard = buildOverviewDashboard(settingsSchema.parse({ apps: [...apps] }));
  expect(findDashboardProblems(dashboard)).toStrictEqual([]);
  return listQueries(dashboard)
    .filter(({ row }) => row === "Apps")
    .map(({ panel, legend, query }) => [panel, legend, query]);
}

const titles = (rows: readonly string[][]) => rows.map(([panel, legend]) => `${panel}: ${legend}`);

const shop: AppSettingsInput = { name: "shop", image: "shop" };

describe("the apps' traffic on the dashboard Overview", () => {
  it("is what the stack file says, where it says so", () => {
    const traffic = { requests: "orders_total", errors: 'paid="no"', latency: "orders_seconds" };
    expect(readRow([{ ...shop, traffic }])).toStrictEqual([
      ["Requests", "shop", 'sum(rate(orders_total{job="shop"}[1m]))'],
      [
        "Errors",
        "shop",
        'sum(rate(orders_total{job="shop",paid="no"}[1m])) or 0 * sum(rate(orders_total{job="shop"}[1m]))',
      ],
      [
        "Response time (95 %)",
        "shop",
        'histogram_quantile(0.95, sum by (le) (rate(orders_seconds_bucket{job="shop"}[1m])))',
      ],
    ]);
  });

  it("is what is known of the samples, unless the stack file says otherwise", () => {
    const gallery = { ...shop, dashboard: "image-gallery" } as const;
    const [[, , known] = []] = readRow([gallery]);
    expect(known).toContain("image_gallery_requests_total");
    const [[, , told] = []] = readRow([{ ...gallery, traffic: { requests: "visits_total" } }]);
    expect(told).toBe('sum(rate(visits_total{job="shop"}[1m]))');
  });

  it("is what others export by the usual names, a line each, the first counter that there is", () => {
    const slow = { ...shop, name: "till", scrapeIntervalSeconds: 30 };
    const rows = readRow([shop, slow, { ...shop, name: "log", dashboard: "access-log" }]);
    expect(titles(rows)).toStrictEqual(["Requests: log", "Requests: {{job}}", "Errors: {{job}}"]);
    const rate = (metric: string) => `sum by (job) (rate(${metric}{job=~"shop|till"}[2m]))`;
    expect(rows[1]?.[2]).toBe(
      [
        rate("http_requests_total"),
        rate("http_request_duration_seconds_count"),
        rate("http_server_requests_seconds_count"),
      ].join(" or "),
    );
  });

  it("keeps a graph without values from looking broken, where nothing else is drawn", () => {
    const [[, , requests] = []] = readRow([shop]);
    expect(requests).toMatch(
      / or on \(\) label_replace\(vector\(NaN\), "job", "none yet", "", ""\)$/,
    );
  });

  it("is left out without apps that are scraped", () => {
    expect(readRow([])).toStrictEqual([]);
    expect(readRow([{ ...shop, metrics: false }])).toStrictEqual([]);
  });
});
