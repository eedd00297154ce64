import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { prometheusDatasource } from "../datasource";
import { type PanelQuery, buildDataquery } from "./panelQuery";
import type { PanelTexts } from "./panelTexts";

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
    .targets(queries.map((query, index) => buildDataquery(query, index).range()))
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

function fixedColor(color: string) {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color).build();
}
