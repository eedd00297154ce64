import { BigValueGraphMode, BigValueTextMode } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { prometheusDatasource } from "../datasource";
import { lastValue } from "./lastValue";
import { type PanelQuery, buildDataquery } from "./panelQuery";
import type { PanelTexts } from "./panelTexts";

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
    .targets([buildDataquery(query, 0).instant()])
    .unit("none")
    .textMode(BigValueTextMode.Name)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(lastValue())
    .build();
}
