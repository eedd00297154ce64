import type { Dashboard, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";

/** A query with the place where the dashboard shows it. */
export interface DashboardQuery {
  /** Title of the row above the panel. */
  readonly row: string;
  /** Title of the panel. */
  readonly panel: string;
  /** Panel's number on the dashboard. */
  readonly panelId: number | undefined;
  /**
   * PromQL. Without Grafana's variables, unless a panel of the stack file brings one: Prometheus
   * answers it as it is.
   */
  readonly query: string;
  readonly legend: string;
}

/** Every PromQL query of the dashboard, in the order of reading. */
export function listQueries({ panels = [] }: Pick<Dashboard, "panels">): DashboardQuery[] {
  const queries: DashboardQuery[] = [];
  let row = "";
  for (const panel of panels) {
    if (isRow(panel)) {
      row = panel.title ?? "";
      continue;
    }
    for (const target of panel.targets ?? []) {
      const { expr, legendFormat = "" } = target as Dataquery;
      queries.push({
        row,
        panel: panel.title ?? "",
        panelId: panel.id,
        query: expr,
        legend: legendFormat,
      });
    }
  }
  return queries;
}

/**
 * Whether this is a row's heading. Glasshouse's rows are never collapsed: their panels follow them.
 */
export function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === "row";
}
