import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { DynamicConfigValue, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { prometheusDatasource } from "../datasource";
import { buildDataquery, refId } from "./panelQuery";
import type { PanelTexts } from "./panelTexts";
import { type ValueTexts, buildMappings } from "./valueTexts";

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  /** Query whose value it shows; a column without it is a label that queries answer by. */
  readonly query?: string;
  /** Label that the column shows, where it shows no value. */
  readonly label?: string;
  readonly unit?: string;
  readonly texts?: ValueTexts;
  readonly decimals?: number;
}

/** What is so now, a line for each set of labels. All queries must answer with the labels that are columns, and no others. */
export function tablePanel({
  title,
  description,
  columns,
  query,
  sortBy,
  nothing,
  height,
}: Omit<PanelTexts, "unit"> & {
  readonly columns: readonly TableColumn[];
  /** Whose labels alone are shown, where no column has a query. */
  readonly query?: string;
  readonly sortBy?: string;
  /** Shown in place of an empty table. */
  readonly nothing?: string;
  /** In units of Grafana's grid. */
  readonly height: number;
}): Panel {
  const values = columns.filter((column) => column.query !== undefined);
  const queries = query === undefined ? values.map((column) => column.query ?? "") : [query];
  // Grafana calls the value of a single query `Value`, those of several `Value #A` and so on.
  const nameOf = (column: TableColumn) =>
    column.label ?? (queries.length === 1 ? "Value" : `Value #${refId(values.indexOf(column))}`);
  const builder = new TableBuilder()
    .height(height)
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .unit("none")
    .targets(
      queries.map((each, index) =>
        buildDataquery({ query: each, legend: "values" }, index)
          .instant()
          .format(PromQueryFormat.Table),
      ),
    )
    .transformations([
      ...(queries.length > 1 ? [{ id: "merge", options: {} }] : []),
      {
        id: "organize",
        options: {
          excludeByName: { Time: true, ...(values.length === 0 && { Value: true }) },
          indexByName: Object.fromEntries(columns.map((column, index) => [nameOf(column), index])),
        },
      },
    ]);
  for (const column of columns) builder.overrideByName(nameOf(column), columnProperties(column));
  if (sortBy !== undefined) {
    builder.sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]);
  }
  if (nothing !== undefined) builder.noValue(nothing);
  return builder.build();
}

function columnProperties({ title, unit, texts, decimals }: TableColumn): DynamicConfigValue[] {
  return [
    { id: "displayName", value: title },
    ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    ...(texts === undefined
      ? []
      : [
          { id: "mappings", value: buildMappings(texts) },
          { id: "custom.cellOptions", value: { type: "color-text" } },
        ]),
  ];
}
