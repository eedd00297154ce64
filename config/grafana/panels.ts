import {
  BigValueGraphMode,
  BigValueTextMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as GaugeBuilder } from "@grafana/grafana-foundation-sdk/gauge";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
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

/** Values over time. */
export function graphPanel({
  title,
  description,
  unit,
  queries,
}: PanelTexts & { readonly queries: readonly PanelQuery[] }): Panel {
  return new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .targets(queries.map((query, index) => dataquery(query, index).range()))
    .unit(unit)
    .axisSoftMin(0)
    .lineWidth(2)
    .fillOpacity(10)
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
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
}: Omit<PanelTexts, "unit"> & {
  readonly query: PanelQuery;
  readonly declared: number;
}): Panel {
  return new GaugeBuilder()
    .title(title)
    .description(description)
    .datasource(prometheusDatasource)
    .targets([dataquery(query, 0).instant()])
    .unit("none")
    .min(0)
    .max(declared)
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: "red" },
        { value: declared, color: "green" },
      ]),
    )
    .reduceOptions(lastValue())
    .build();
}

function dataquery({ query, legend }: PanelQuery, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(String.fromCharCode("A".charCodeAt(0) + index))
    .datasource(prometheusDatasource)
    .expr(query)
    .legendFormat(legend);
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(["lastNotNull"]);
}
