import { VisibilityMode } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StateTimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { prometheusDatasource } from "../datasource";
import { type PanelQuery, buildDataquery } from "./panelQuery";
import type { PanelTexts } from "./panelTexts";
import { buildThresholds } from "./thresholds";
import { type ValueTexts, buildMappings } from "./valueTexts";

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
    .targets([buildDataquery(query, 0).range()])
    .unit("none")
    .mappings(buildMappings(texts))
    .thresholds(buildThresholds({ value: null, color: "text" }))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8)
    .fillOpacity(80)
    .lineWidth(0)
    .build();
}
