import type { Dashboard, GridPos, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { gridColumns } from "../../../config/grafana/layOutRows";
import { isRow, listQueries } from "../../../config/grafana/listQueries";

/** What is wrong with a dashboard, and where. */
export interface DashboardProblem {
  readonly path: string;
  readonly reason: string;
}

/**
 * Everything that keeps a dashboard from being read well: a panel without title, description, unit
 * or query, a number or a query that comes twice, a legend with an address, panels outside the grid
 * or on top of each other.
 */
export function findDashboardProblems(dashboard: Dashboard): DashboardProblem[] {
  const items = (dashboard.panels ?? []).map((panel, index) => ({
    path: `panels[${index}] (${panel.title ?? "no title"})`,
    panel,
  }));
  return [
    ...items.flatMap(({ path, panel }) => (isRow(panel) ? [] : findPanelProblems(path, panel))),
    ...findRepeated(items.map(({ path, panel }) => ({ path, value: `id ${panel.id}` }))),
    ...findRepeated(
      listQueries(dashboard).map(({ row, panel, query }) => ({
        path: `${row} / ${panel}`,
        value: `query ${query}`,
      })),
    ),
    ...findGridProblems(items.map(({ path, panel }) => ({ path, position: panel.gridPos }))),
  ];
}

function findPanelProblems(path: string, panel: Panel): DashboardProblem[] {
  const required = {
    title: panel.title,
    description: panel.description,
    unit: panel.fieldConfig?.defaults.unit,
  };
  const queries = listQueries({ panels: [panel] });
  return [
    ...Object.entries(required)
      .filter(([, text]) => text === undefined || text.trim() === "")
      .map(([field]) => ({ path, reason: `has no ${field}` })),
    ...(queries.length === 0 ? [{ path, reason: "has no query" }] : []),
    ...queries
      .filter(({ legend }) => legend === "" || /\{\{\s*instance\s*\}\}/.test(legend))
      .map(({ legend }) => ({
        path,
        reason: `must have a legend without an address, got ${JSON.stringify(legend)}`,
      })),
  ];
}

function findRepeated(
  places: readonly { readonly path: string; readonly value: string }[],
): DashboardProblem[] {
  const firstPlaces = new Map<string, string>();
  const problems: DashboardProblem[] = [];
  for (const { path, value } of places) {
    const first = firstPlaces.get(value);
    if (first === undefined) {
      firstPlaces.set(value, path);
    } else {
      problems.push({ path, reason: `repeats ${value} of ${first}` });
    }
  }
  return problems;
}

interface Place {
  readonly path: string;
  readonly position: GridPos | undefined;
}

function findGridProblems(places: readonly Place[]): DashboardProblem[] {
  return places.flatMap(({ path, position }, index) => {
    if (position === undefined) {
      return [{ path, reason: "has no place on the grid" }];
    }
    const outside = position.x < 0 || position.y < 0 || position.x + position.w > gridColumns;
    const covered = places
      .slice(0, index)
      .filter((other) => other.position !== undefined && overlap(other.position, position));
    return [
      ...(outside ? [{ path, reason: `is not within the grid's ${gridColumns} columns` }] : []),
      ...covered.map((other) => ({ path, reason: `overlaps ${other.path}` })),
    ];
  });
}

function overlap(a: GridPos, b: GridPos): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
