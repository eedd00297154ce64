import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as GaugeBuilder } from "@grafana/grafana-foundation-sdk/gauge";
import { prometheusDatasource } from "../datasource";
import { lastValue } from "./lastValue";
import { type PanelQuery, buildDataquery } from "./panelQuery";
import type { PanelTexts } from "./panelTexts";
import { buildThresholds } from "./thresholds";

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
      .targets([buildDataquery(query, 0).instant()])
      .unit(unit)
      .min(0)
      .max(declared)
      // A ring of red around a full green one would look like a fault.
      .showThresholdMarkers(false)
      .thresholds(
        buildThresholds({ value: null, color: "red" }, { value: declared, color: "green" }),
      )
      .reduceOptions(lastValue())
      .build()
  );
}
