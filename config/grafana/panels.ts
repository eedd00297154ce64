import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DynamicConfigValue,
  type Panel,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as BarGaugeBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import { PanelBuilder as GaugeBuilder } from "@grafana/grafana-foundation-sdk/gauge";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { prometheusDatasource } from "./datasource";

/** A PromQL query and how its series are named. */
export interface PanelQuery {
  readonly query: string;
  /**
   * Fixed text, or labels such as `{{state}}`; never `{{instance}}`, an address that changes with
   * the container.
   */
  readonly legend: string;
}

interface PanelTexts {
  readonly title: string;
  /** What the panel tells, in a sentence or two. */
  readonly description: string;
  /** Grafana's id of the unit, such as `reqps`. */
  readonly unit: string;
}

/** Where an axis ends while all values are below it: without it, a graph of zeros would reach to 100. */
const softMaxima: Readonly<Record<string, number>> = { bytes: 1024, binBps: 1024, s: 0.1 };

/** Fixed colours by regular expression over legends; red is for errors alone. */
export type LegendColors = Readonly<Record<string, string>>;

/** Values over time. */
export function graphPanel({
  title,
  description,
  unit,
  queries,
  colors = {},
}: PanelTexts & {
  readonly queries: readonly PanelQuery[];
  readonly colors?: LegendColors;
}): Panel {
  const builder = new TimeseriesBuilder();
  for (const [legend, color] of Object.entries(colors)) {
    builder.overrideByRegexp(legend, [{ id: "color", value: fixedColor(color) }]);
  }
  return builder
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .targets(queries.map((query, index) => dataquery(query, index).range()))
    .unit(unit)
    .axisSoftMin(0)
    .axisSoftMax(softMaxima[unit] ?? 1)
    .lineWidth(2)
    .fillOpacity(10)
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(["lastNotNull", "max"])
        .showLegend(true),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    )
    .build();
}

/**
 * A text that Prometheus keeps in a label: the legend is shown large, the value (always 1) is not.
 */
export function labelPanel({
  title,
  description,
  query,
}: Omit<PanelTexts, "unit"> & { readonly query: PanelQuery }): Panel {
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .targets([dataquery(query, 0).instant()])
    .unit("none")
    .textMode(BigValueTextMode.Name)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(lastValue())
    .build();
}

/** A number of things out of a declared number; red until all are there. */
export function shareGauge({
  title,
  description,
  query,
  declared,
  unit = "none",
}: Omit<PanelTexts, "unit"> & {
  readonly query: PanelQuery;
  readonly declared: number;
  readonly unit?: string;
}): Panel {
  return (
    new GaugeBuilder()
      .title(title)
      .description(description)
      .datasource(prometheusDatasource)
      .targets([dataquery(query, 0).instant()])
      .unit(unit)
      .min(0)
      .max(declared)
      // A ring of red around a full green one would look like a fault.
      .showThresholdMarkers(false)
      .thresholds(
        new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
          { value: null, color: "red" },
          { value: declared, color: "green" },
        ]),
      )
      .reduceOptions(lastValue())
      .build()
  );
}

/** A share of something that runs out: yellow from a point on, red from another. */
export function usageGauge({
  title,
  description,
  query,
  yellow = 0.7,
  red = 0.9,
}: Omit<PanelTexts, "unit"> & {
  readonly query: PanelQuery;
  readonly yellow?: number;
  readonly red?: number;
}): Panel {
  return new GaugeBuilder()
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .targets([dataquery(query, 0).instant()])
    .unit("percentunit")
    .decimals(0)
    .min(0)
    .max(1)
    .showThresholdMarkers(false)
    .thresholds(
      steps(
        { value: null, color: "green" },
        { value: yellow, color: "yellow" },
        { value: red, color: "red" },
      ),
    )
    .reduceOptions(lastValue())
    .build();
}

export interface ThresholdStep {
  /** From where on; null for the lowest. */
  readonly value: number | null;
  readonly color: string;
}

/** One number, as it is now. */
export function numberPanel({
  title,
  description,
  unit,
  query,
  thresholds = [{ value: null, color: "text" }],
  texts = {},
}: PanelTexts & {
  readonly query: PanelQuery;
  readonly thresholds?: readonly ThresholdStep[];
  /** What is shown in place of a value. */
  readonly texts?: ValueTexts;
}): Panel {
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .targets([dataquery(query, 0).instant()])
    .unit(unit)
    .thresholds(steps(...thresholds))
    .mappings(mapValues(texts))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Value)
    .reduceOptions(lastValue())
    .build();
}

/** The largest of many, each as a bar. */
export function barsPanel({
  title,
  description,
  unit,
  query,
}: PanelTexts & { readonly query: PanelQuery }): Panel {
  return new BarGaugeBuilder()
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .targets([dataquery(query, 0).instant()])
    .unit(unit)
    .min(0)
    .thresholds(steps({ value: null, color: "blue" }))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .reduceOptions(lastValue())
    .build();
}

/** Texts and colours of values, by value. */
export type ValueTexts = Readonly<
  Record<string, { readonly text: string; readonly color: string }>
>;

/** States over time, a line for each series. */
export function statesPanel({
  title,
  description,
  query,
  texts,
}: Omit<PanelTexts, "unit"> & {
  readonly query: PanelQuery;
  readonly texts: ValueTexts;
}): Panel {
  return new StateTimelineBuilder()
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .targets([dataquery(query, 0).range()])
    .unit("none")
    .mappings(mapValues(texts))
    .thresholds(steps({ value: null, color: "text" }))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8)
    .fillOpacity(80)
    .lineWidth(0)
    .build();
}

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
        dataquery({ query: each, legend: "values" }, index).instant().format(PromQueryFormat.Table),
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
          { id: "mappings", value: mapValues(texts) },
          { id: "custom.cellOptions", value: { type: "color-text" } },
        ]),
  ];
}

function mapValues(texts: ValueTexts): ValueMapping[] {
  const options = Object.entries(texts).map(
    ([value, text], index) => [value, { ...text, index }] as const,
  );
  return options.length === 0
    ? []
    : [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}

function steps(...list: readonly ThresholdStep[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(list.map((step) => ({ ...step })));
}

function fixedColor(color: string) {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color).build();
}

function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

function dataquery({ query, legend }: PanelQuery, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId(index))
    .datasource(prometheusDatasource)
    .expr(query)
    .legendFormat(legend);
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(["lastNotNull"]);
}
