import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { ownAlerts } from "../../../../config/settings/alertSettings";
import { findDashboardProblems } from "../../support/findDashboardProblems";
import { listDashboards } from "../../../../config/grafana/listDashboards";
import { isRow, listQueries } from "../../../../config/grafana/listQueries";
import { buildRules } from "../../../../config/prometheus/rules";
import { settingsSchema } from "../../../../config/settings/settings";

type Input = Parameters<typeof settingsSchema.parse>[0] & object;

const noExporters = {
  exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
  discovery: { enabled: false },
} satisfies Input;

/** Stacks that differ in what is measured. */
const stacks: readonly (readonly [string, Input])[] = [
  ["everything", {}],
  ["probes", { probes: [{ name: "home", url: "https://shop.example" }] }],
  ["a Swarm", { swarm: { mode: "use" } }],
  ["no exporter", noExporters],
  ["node-exporter alone", { ...noExporters, exporters: { cadvisor: { deploy: false } } }],
  ["cAdvisor alone", { ...noExporters, exporters: { node: { deploy: false } } }],
  ["discovery alone", { ...noExporters, discovery: {} }],
  ["Prometheus alone", { ...noExporters, apps: [], engineMetrics: { mode: "off" } }],
];

function dashboardsOf(input: Input): Dashboard[] {
  return listDashboards(settingsSchema.parse(input), "glasshouse-dev").map(
    ({ json }) => JSON.parse(json) as Dashboard,
  );
}

function panelsOf({ panels = [] }: Dashboard): Panel[] {
  return panels.filter((panel): panel is Panel => !isRow(panel));
}

describe("the dashboards", () => {
  const dashboards = dashboardsOf({});

  it("are listed with where they are and what is in their files", () => {
    const listed = listDashboards(settingsSchema.parse({}), "glasshouse-dev");
    expect(listed.map(({ uid, title, file }) => [uid, title, file])).toStrictEqual([
      ["glasshouse-overview", "Overview", "glasshouse-overview.json"],
      ["glasshouse", "Apps", "glasshouse.json"],
      ["glasshouse-host", "Host", "glasshouse-host.json"],
      ["glasshouse-containers", "Containers", "glasshouse-containers.json"],
      ["glasshouse-engine", "Docker Engine", "glasshouse-engine.json"],
      ["glasshouse-prometheus", "Prometheus", "glasshouse-prometheus.json"],
      ["app-image-gallery", "App image-gallery", "app-image-gallery.json"],
      ["app-iotd", "App iotd", "app-iotd.json"],
      ["app-access-log", "App access-log", "app-access-log.json"],
    ]);
    for (const { uid, title, tags, json } of listed) {
      expect(JSON.parse(json)).toMatchObject({ uid, title, tags, editable: false });
      expect(tags).toContain(uid.startsWith("app-") ? "glasshouse-app" : "glasshouse");
    }
  });

  it.each([
    [
      "no exporter",
      ["glasshouse-overview", "glasshouse", "glasshouse-engine", "glasshouse-prometheus"],
    ],
    ["Prometheus alone", ["glasshouse-overview", "glasshouse", "glasshouse-prometheus"]],
    [
      "a Swarm",
      [
        ...["glasshouse-overview", "glasshouse", "glasshouse-swarm", "glasshouse-host"],
        ...["glasshouse-containers", "glasshouse-engine", "glasshouse-prometheus"],
      ],
    ],
  ])("of a stack with %s leave out what is not measured", (name, uids) => {
    const input = stacks.find(([each]) => each === name)?.[1] ?? {};
    const listed = listDashboards(settingsSchema.parse(input), "glasshouse-dev");
    const aboutAll = listed.filter(({ tags }) => tags.includes("glasshouse"));
    expect(aboutAll.map(({ uid }) => uid)).toStrictEqual(uids);
  });

  it.each(stacks)(
    "of a stack with %s have no problems, and ask for no series that nobody records",
    (_, input) => {
      const settings = settingsSchema.parse(input);
      const records = buildRules(settings, "glasshouse-dev").groups.flatMap(({ rules }) =>
        rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])),
      );
      for (const dashboard of dashboardsOf(input)) {
        expect(findDashboardProblems(dashboard)).toStrictEqual([]);
        const asked = listQueries(dashboard).flatMap(({ query }) =>
          [...query.matchAll(/\b(?:instance|container|prometheus):[a-z_]+:[a-z]+/g)].map(
            ([name]) => name,
          ),
        );
        expect(asked.filter((name) => !records.includes(name))).toStrictEqual([]);
      }
    },
  );

  it("lead to each other, and show alerts and starts of containers on their graphs", () => {
    for (const { links = [], annotations } of dashboards) {
      expect(links).toMatchObject([
        { type: "dashboards", tags: ["glasshouse"], asDropdown: false, keepTime: true },
        { type: "dashboards", tags: ["glasshouse-app"], asDropdown: true, keepTime: true },
      ]);
      expect(annotations.list?.map(({ name }) => name)).toStrictEqual([
        "Alerts",
        "Starts of containers",
      ]);
    }
  });

  it("draw only what the dashboards page can draw as well", () => {
    const drawn = ["timeseries", "stat", "gauge", "table", "bargauge", "state-timeline"];
    const types = dashboards.flatMap(panelsOf).map(({ type }) => type);
    expect([...new Set(types)].filter((type) => !drawn.includes(type))).toStrictEqual([]);
  });

  it("keep every panel within 24 columns, the lines of a row filled", () => {
    for (const dashboard of dashboards) {
      const widths = new Map<number, number>();
      for (const { gridPos } of panelsOf(dashboard)) {
        const { y = 0, w = 0 } = gridPos ?? {};
        widths.set(y, (widths.get(y) ?? 0) + w);
      }
      expect([...new Set(widths.values())]).toStrictEqual([24]);
    }
  });

  it("name the last and the largest value of every graph, and do not blow up zeros", () => {
    for (const panel of dashboards.flatMap(panelsOf).filter(({ type }) => type === "timeseries")) {
      expect(panel.options).toMatchObject({ legend: { calcs: ["lastNotNull", "max"] } });
      expect(panel.fieldConfig?.defaults.custom).toMatchObject({
        axisSoftMin: 0,
        axisSoftMax: expect.any(Number) as number,
      });
    }
  });

  it("let one container be picked, or all", () => {
    const containers = dashboards.find(({ uid }) => uid === "glasshouse-containers");
    expect(containers?.templating.list).toMatchObject([
      { name: "container", type: "query", multi: true, includeAll: true, allValue: ".*" },
    ]);
  });

  it("show each app that has containers: what it does, and its own replicas alone", () => {
    const apps = [
      { name: "web", image: "shop/web:1", dashboard: "go" },
      { name: "web-1", image: "shop/web:1" },
      { name: "db", image: "shop/db:1", metrics: false },
      { name: "paused", image: "shop/web:1", replicas: 0 },
      { name: "a".repeat(40), image: "shop/web:1" },
    ];
    const ofApps = dashboardsOf({ apps }).filter(({ tags }) => tags?.includes("glasshouse-app"));
    const rowsOf = ({ panels = [] }: Dashboard) => panels.filter(isRow).map(({ title }) => title);
    const ofContainers = ["CPU", "Memory", "Network and disks", "States", "Restarts and kills"];
    expect(ofApps.map((dashboard) => [dashboard.title, rowsOf(dashboard)])).toStrictEqual([
      ["App web", ["web", "Replicas", ...ofContainers]],
      ["App web-1", ["web-1", "Replicas", ...ofContainers]],
      ["App db", ["Replicas", ...ofContainers]],
      [`App ${"a".repeat(40)}`, ["a".repeat(40), "Replicas", ...ofContainers]],
    ]);
    const [web, other, , long] = ofApps;
    expect(long?.uid).toMatch(/^app-a{27}-[0-9a-f]{8}$/);
    const namesOf = (dashboard: Dashboard | undefined) => {
      const { allValue = "", query } = dashboard?.templating.list?.[0] ?? {};
      expect((query as { query: string }).query).toContain(`{name=~${JSON.stringify(allValue)}}`);
      return new RegExp(`^(?:${allValue})$`);
    };
    const names = [
      ...["glasshouse-dev-web-1", "glasshouse-dev-web-1-1", "glasshouse-dev-web.2.h4x"],
      ...["glasshouse-prod-web-1", "glasshouse-dev-webs-1", "glasshouse-dev-web-a-1"],
    ];
    expect(names.filter((name) => namesOf(web).test(name))).toStrictEqual([names[0], names[2]]);
    expect(names.filter((name) => namesOf(other).test(name))).toStrictEqual([names[1]]);
  });

  it("of apps are left out where nothing is measured of an app", () => {
    const apps = [
      { name: "db", image: "shop/db:1", metrics: false },
      { name: "web", image: "shop/web:1" },
    ];
    const ofApps = dashboardsOf({ ...noExporters, apps }).filter(({ uid }) =>
      uid?.startsWith("app-"),
    );
    expect(ofApps).toMatchObject([{ uid: "app-web", templating: { list: [] } }]);
  });

  it("name no alert that does not exist", () => {
    const named = dashboards
      .flatMap(listQueries)
      .flatMap(({ query }) => [...query.matchAll(/alertname="(\w+)"/g)].map(([, name]) => name));
    expect(named.filter((name) => !ownAlerts.some((alert) => alert === name))).toStrictEqual([]);
  });
});
