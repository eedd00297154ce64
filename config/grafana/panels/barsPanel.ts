import { BarGaugeDisplayMode, VizOrientation } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as BarGaugeBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import { prometheusDatasource } from "../datasource";
import { lastValue } from "./lastValue";
import { type PanelQuery, buildDataquery } from "./panelQuery";
import type { PanelTexts } from "./panelTexts";
import { buildThresholds } from "./thresholds";

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
    .targets([buildDataquery(query, 0).instant()])
    .unit(unit)
    .min(0)
    .thresholds(buildThresholds({ value: null, color: "blue" }))
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .reduceOptions(lastValue())
    .build();
}
