import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as GaugeBuilder } from "@grafana/grafana-foundation-sdk/gauge";
import { prometheusDatasource } from "../datasource";
import { lastValue } from "./lastValue";
import { type PanelQuery, buildDataquery } from "./panelQuery";
import type { PanelTexts } from "./panelTexts";
import { buildThresholds } from "./thresholds";

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
    .targets([buildDataquery(query, 0).instant()])
    .unit("percentunit")
    .decimals(0)
    .min(0)
    .max(1)
    .showThresholdMarkers(false)
    .thresholds(
      buildThresholds(
        { value: null, color: "green" },
        { value: yellow, color: "yellow" },
        { value: red, color: "red" },
      ),
    )
    .reduceOptions(lastValue())
    .build();
}
