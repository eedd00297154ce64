import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboardSections, type AppSettingsInput } from "../../../../config/settings/appSettings";
import { buildAppsDashboard } from "../../../../config/grafana/dashboards/apps";
import { findDashboardProblems } from "../../support/findDashboardProblems";
import { renderDashboard } from "../../../../config/grafana/frameDashboard";
import { isRow, listQueries } from "../../../../config/grafana/listQueries";
import { sampleDashboards } from "../../../../config/sampleDashboards";
import { settingsSchema } from "../../../../config/settings/settings";

type Input = Parameters<typeof settingsSchema.parse>[0] & object;

function dashboardOf(input: Input): Dashboard {
  return JSON.parse(renderDashboard(buildAppsDashboard(settingsSchema.parse(input)))) as Dashboard;
}

function panelTitlesByRow({ panels = [] }: Dashboard): Record<string, string[]> {
  const rows: Record<string, string[]> = {};
  let titles: string[] = [];
  for (const panel of panels) {
    if (isRow(panel)) {
      rows[panel.title ?? ""] = titles = [];
    } else {
      titles.push(panel.title ?? "");
    }
  }
  return rows;
}

function queryOf(dashboard: Dashboard, row: string, title: string): string | undefined {
  return listQueries(dashboard).find((q) => q.row.startsWith(row) && q.panel === title)?.query;
}

const shop: AppSettingsInput = { name: "shop", image: "shop" };

describe("the apps' dashboard of the samples", () => {
  const dashboard = dashboardOf({});

  it("has a row per app in their order, then the engine's", () => {
    expect(panelTitlesByRow(dashboard)).toStrictEqual({
      "Image Gallery (image-gallery)": [
        "Responses with code 200",
        "Failed responses",
        "Error ratio",
        "Requests in flight",
        "Memory in use",
        "Active goroutines",
      ],
      "Image of the Day API (iotd)": [
        "Image requests",
        "Failed requests",
        "Response time",
        "Loads from the source",
        "Loads from the cache",
        "JVM memory",
        "Active threads",
      ],
      "Access Log (access-log)": [
        "Logs by container",
        "Current client IPs",
        "Targets up",
        "Memory by container",
        "Active sockets",
        "Event loop lag by container",
      ],
      Docker: [
        "Containers by state",
        "Failed health checks",
        "Memory in use",
        "Active goroutines",
        "Engine version",
        "OS type",
        "Architecture",
      ],
    });
  });

  it("has no problems", () => {
    expect(findDashboardProblems(dashboard)).toStrictEqual([]);
  });

  it("is in the classic form, under a fixed address", () => {
    expect(dashboard).toMatchObject({
      uid: "glasshouse",
      title: "Apps",
      tags: ["docker", "glasshouse"],
      editable: false,
      refresh: "10s",
      time: { from: "now-15m", to: "now" },
    });
    expect(dashboard.schemaVersion).toBe(41);
    expect(dashboard).not.toHaveProperty("spec");
  });

  it("graphs rates of counters, never their raw values", () => {
    const bare = listQueries(dashboard)
      .map(({ query }) => query.replace(/(rate|increase)\([^()]*\)/g, ""))
      // The only `_total` that is a gauge.
      .map((query) => query.replaceAll("nodejs_active_resources_total", ""))
      .filter((query) => /_total\b|_seconds_(count|sum)\b/.test(query));
    expect(bare).toStrictEqual([]);
  });

  it("answers before anything has failed, and without traffic", () => {
    expect(queryOf(dashboard, "Image Gallery", "Error ratio")).toBe(
      '(sum(rate(image_gallery_requests_total{job="image-gallery",code=~"5.."}[1m])) or vector(0)) / ' +
        '(sum(rate(image_gallery_requests_total{job="image-gallery"}[1m])) > 0) or vector(NaN)',
    );
    expect(queryOf(dashboard, "Image of the Day", "Failed requests")).toBe(
      'sum(rate(http_server_requests_seconds_count{job="iotd-api",status=~"5.."}[1m])) or ' +
        '0 * (sum(up{job="iotd-api"}) > 0)',
    );
    expect(queryOf(dashboard, "Access Log", "Active sockets")).toBe(
      'sum by (hostname) (nodejs_active_resources{job="access-log",type="TCPSocketWrap"} or ' +
        '0 * nodejs_active_resources_total{job="access-log"})',
    );
  });

  it("asks the datasource that is provisioned, in every panel and query", () => {
    const panels = (dashboard.panels ?? []).filter((panel) => !isRow(panel));
    for (const panel of panels) {
      const datasource = { type: "prometheus", uid: "glasshouse-prometheus" };
      expect(panel).toMatchObject({ datasource });
      expect(panel).toHaveProperty("targets.0.datasource", datasource);
    }
    expect(panels).toHaveLength(26);
  });

  it("holds no variable of Grafana's, so that every query runs outside it", () => {
    expect(listQueries(dashboard).filter(({ query }) => query.includes("$"))).toStrictEqual([]);
  });
});

describe("the apps' dashboard", () => {
  it.each(dashboardSections)("draws the section %s for any app, without problems", (section) => {
    const panels = section === "none" ? [{ use: "cpu" as const }] : [];
    const dashboard = dashboardOf({ apps: [{ ...shop, dashboard: section, panels }] });
    expect(findDashboardProblems(dashboard)).toStrictEqual([]);
    expect(listQueries(dashboard).every(({ query }) => /\{job="(shop|docker)"/.test(query))).toBe(
      true,
    );
  });

  it("has no row for an app without replicas, nor for an engine whose metrics are off", () => {
    const dashboard = dashboardOf({
      apps: [shop, { ...shop, name: "closed", replicas: 0 }],
      engineMetrics: { mode: "off" },
    });
    expect(Object.keys(panelTitlesByRow(dashboard))).toStrictEqual(["shop"]);
  });

  it("has no panels where nothing is scraped but Prometheus", () => {
    expect(dashboardOf({ apps: [], engineMetrics: { mode: "off" } }).panels).toStrictEqual([]);
  });

  it("tells two apps of one kind apart by their names", () => {
    const apps = ["north", "south"].map((name) => ({ ...shop, name, dashboard: "access-log" }));
    const dashboard = dashboardOf({ apps: apps as AppSettingsInput[] });
    expect(Object.keys(panelTitlesByRow(dashboard))).toStrictEqual([
      "Access Log (north)",
      "Access Log (south)",
      "Docker",
    ]);
    expect(findDashboardProblems(dashboard)).toStrictEqual([]);
  });

  it("adds the user's own panels to the app's row, and describes those that are not", () => {
    const panels = [
      { title: "Orders", query: "sum(rate(orders_total[1m]))", unit: "ops", legend: "orders" },
      { title: "Stock", query: "sum(stock)", description: "Things left.", legend: "stock" },
    ];
    const dashboard = dashboardOf({
      apps: [{ ...shop, dashboard: "go", panels }],
      engineMetrics: { mode: "off" },
    });
    expect(panelTitlesByRow(dashboard)).toStrictEqual({
      shop: ["Targets up", "CPU in use", "Memory in use", "Active goroutines", "Orders", "Stock"],
    });
    expect(dashboard.panels?.[5]).toMatchObject({
      title: "Orders",
      description: "From the stack file's panels of shop.",
      fieldConfig: { defaults: { unit: "ops" } },
      targets: [{ expr: "sum(rate(orders_total[1m]))", legendFormat: "orders" }],
    });
    expect(dashboard.panels?.[6]).toMatchObject({ description: "Things left." });
    expect(findDashboardProblems(dashboard)).toStrictEqual([]);
  });

  it.each(Object.entries(sampleDashboards))(
    "draws for %s what any stack file can ask for",
    (name, { panels }) => {
      const [preset, written] = [
        { ...shop, dashboard: name },
        { ...shop, dashboard: "none", panels },
      ].map((one) => dashboardOf({ apps: [one as AppSettingsInput] }).panels?.slice(1));
      expect(written).toStrictEqual(preset);
    },
  );

  it("fills the job and a range for rates into the user's queries, so that they run outside Grafana", () => {
    const query = 'sum(rate(orders_total{job="$job",code!="$jobs"}[$__rate_interval]))';
    const dashboard = dashboardOf({
      apps: [
        {
          ...shop,
          jobName: "till",
          scrapeIntervalSeconds: 30,
          panels: [{ title: "Orders", query }],
        },
      ],
    });
    expect(queryOf(dashboard, "shop", "Orders")).toBe(
      'sum(rate(orders_total{job="till",code!="$jobs"}[2m]))',
    );
  });

  it("draws panels that come along, several queries, colours and numbers", () => {
    const dashboard = dashboardOf({
      apps: [
        {
          ...shop,
          dashboard: "none",
          panels: [
            { use: "goroutines" },
            {
              title: "Orders",
              query: "sum(orders)",
              legend: "all",
              queries: [{ query: "sum(failed_orders)", legend: "failed" }],
              colors: { failed: "red" },
            },
            { title: "Stock", query: "sum(stock)", kind: "number", unit: "none" },
          ],
        },
      ],
    });
    const [, goroutines, orders, stock] = dashboard.panels ?? [];
    expect(goroutines).toMatchObject({ targets: [{ expr: 'sum(go_goroutines{job="shop"})' }] });
    expect(orders).toMatchObject({
      type: "timeseries",
      targets: [
        { expr: "sum(orders)", legendFormat: "all" },
        { expr: "sum(failed_orders)", legendFormat: "failed" },
      ],
      fieldConfig: {
        overrides: [
          {
            matcher: { id: "byRegexp", options: "failed" },
            properties: [{ id: "color", value: { fixedColor: "red" } }],
          },
        ],
      },
    });
    expect(stock).toMatchObject({ type: "stat", targets: [{ expr: "sum(stock)", instant: true }] });
  });

  it("draws what the stack file says of an app's traffic, with percentiles of its histogram", () => {
    const traffic = {
      requests: "shop_requests_total",
      errors: 'outcome="error"',
      latency: "shop_seconds",
    };
    const dashboard = dashboardOf({
      apps: [{ ...shop, dashboard: "none", scrapeIntervalSeconds: 30, traffic }],
      engineMetrics: { mode: "off" },
    });
    expect(panelTitlesByRow(dashboard)).toStrictEqual({
      shop: ["Requests", "Failed requests", "Response time"],
    });
    const buckets = 'sum by (le) (rate(shop_seconds_bucket{job="shop"}[2m]))';
    expect(
      listQueries(dashboard).map(({ panel, query, legend }) => [panel, query, legend]),
    ).toStrictEqual([
      ["Requests", 'sum(rate(shop_requests_total{job="shop"}[2m]))', "requests"],
      [
        "Failed requests",
        'sum(rate(shop_requests_total{job="shop",outcome="error"}[2m])) or ' +
          '0 * sum(rate(shop_requests_total{job="shop"}[2m]))',
        "failed",
      ],
      ["Response time", `histogram_quantile(0.5, ${buckets})`, "50 %"],
      ["Response time", `histogram_quantile(0.95, ${buckets})`, "95 %"],
      ["Response time", `histogram_quantile(0.99, ${buckets})`, "99 %"],
    ]);
    expect(findDashboardProblems(dashboard)).toStrictEqual([]);
  });

  it("draws of an app's traffic only what is said of it", () => {
    const traffic = { requests: "shop_requests_total" };
    const dashboard = dashboardOf({ apps: [{ ...shop, traffic }] });
    expect(panelTitlesByRow(dashboard)["shop"]?.slice(0, 2)).toStrictEqual([
      "Requests",
      "Targets up",
    ]);
  });

  it("has no row for an app without panels", () => {
    const dashboard = dashboardOf({ apps: [{ ...shop, dashboard: "none" }] });
    expect(Object.keys(panelTitlesByRow(dashboard))).toStrictEqual(["Docker"]);
  });

  it("takes an app's rate window from the app's own scrape interval", () => {
    const dashboard = dashboardOf({
      apps: [{ ...shop, dashboard: "access-log", scrapeIntervalSeconds: 30 }],
    });
    expect(queryOf(dashboard, "Access Log", "Logs by container")).toBe(
      'sum by (hostname) (rate(access_log_total{job="shop"}[2m]))',
    );
    expect(queryOf(dashboard, "Docker", "Failed health checks")).toContain("[1m]");
  });

  it.each([
    [1, "5s", "now-15m"],
    [7, "10s", "now-15m"],
    [60, "1m", "now-20m"],
    [3600, "1h", "now-1200m"],
  ])("refreshes and reaches back for a scrape every %i s", (seconds, refresh, from) => {
    const prometheus = { scrapeIntervalSeconds: seconds };
    expect(dashboardOf({ prometheus })).toMatchObject({ refresh, time: { from } });
  });

  it("shows all declared targets as green", () => {
    const dashboard = dashboardOf({ apps: [{ ...shop, replicas: 5 }] });
    expect(dashboard.panels?.[1]).toMatchObject({
      type: "gauge",
      fieldConfig: {
        defaults: {
          max: 5,
          thresholds: {
            steps: [
              { value: null, color: "red" },
              { value: 5, color: "green" },
            ],
          },
        },
      },
    });
  });
});
