import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { buildAppsDashboard } from "../../../config/grafana/dashboards/apps";
import { findDashboardProblems } from "./findDashboardProblems";
import { settingsSchema } from "../../../config/settings/settings";

/** A sound dashboard whose panels 1 to 3 a test may break. */
function brokenBy(damage: (panels: [Panel, Panel, Panel]) => void): Dashboard {
  const dashboard = buildAppsDashboard(settingsSchema.parse({}));
  damage((dashboard.panels ?? []).slice(1, 4) as [Panel, Panel, Panel]);
  return dashboard;
}

function setQuery(panel: Panel, change: { expr?: string; legendFormat?: string }): void {
  Object.assign(panel.targets?.[0] ?? {}, change);
}

const first = "panels[1] (Responses with code 200)";
const second = "panels[2] (Failed responses)";
const gallery = "Image Gallery (image-gallery)";

describe("a dashboard's problems", () => {
  it.each(["title", "description"] as const)("name a panel without %s", (field) => {
    const dashboard = brokenBy(([panel]) => (panel[field] = " "));
    expect(findDashboardProblems(dashboard).map(({ reason }) => reason)).toStrictEqual([
      `has no ${field}`,
    ]);
  });

  it("name a panel without unit", () => {
    const dashboard = brokenBy(([panel]) => delete panel.fieldConfig?.defaults.unit);
    expect(findDashboardProblems(dashboard)).toStrictEqual([
      { path: first, reason: "has no unit" },
    ]);
  });

  it("name a panel without query", () => {
    const dashboard = brokenBy(([panel]) => (panel.targets = []));
    expect(findDashboardProblems(dashboard)).toStrictEqual([
      { path: first, reason: "has no query" },
    ]);
  });

  it.each(["", "{{instance}}"])("name the legend %j", (legendFormat) => {
    const dashboard = brokenBy(([panel]) => setQuery(panel, { legendFormat }));
    expect(findDashboardProblems(dashboard)).toStrictEqual([
      {
        path: first,
        reason: `must have a legend without an address, got ${JSON.stringify(legendFormat)}`,
      },
    ]);
  });

  it("name a query that is shown twice", () => {
    const dashboard = brokenBy(([a, b]) => {
      setQuery(a, { expr: "up" });
      setQuery(b, { expr: "up" });
    });
    expect(findDashboardProblems(dashboard)).toStrictEqual([
      {
        path: `${gallery} / Failed responses`,
        reason: `repeats query up of ${gallery} / Responses with code 200`,
      },
    ]);
  });

  it("name a number that is given twice", () => {
    const dashboard = brokenBy(([a, b]) => Object.assign(b, { id: a.id }));
    expect(findDashboardProblems(dashboard)).toStrictEqual([
      { path: second, reason: `repeats id 2 of ${first}` },
    ]);
  });

  it("name panels on top of each other", () => {
    const dashboard = brokenBy(([a, b]) => Object.assign(b, { gridPos: a.gridPos }));
    expect(findDashboardProblems(dashboard)).toStrictEqual([
      { path: second, reason: `overlaps ${first}` },
    ]);
  });

  it("name a panel beyond the grid, and one without a place", () => {
    const dashboard = brokenBy(([a, , c]) => {
      delete a.gridPos;
      Object.assign(c.gridPos ?? {}, { w: 9 });
    });
    expect(findDashboardProblems(dashboard)).toStrictEqual([
      { path: first, reason: "has no place on the grid" },
      { path: "panels[3] (Error ratio)", reason: "is not within the grid's 24 columns" },
    ]);
  });
});
