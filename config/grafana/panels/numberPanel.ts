import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { prometheusDatasource } from "../datasource";
import { lastValue } from "./lastValue";
import { type PanelQuery, buildDataquery } from "./panelQuery";
import type { PanelTexts } from "./panelTexts";
import { type ThresholdStep, buildThresholds } from "./thresholds";
import { type ValueTexts, buildMappings } from "./valueTexts";

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
    .targets([buildDataquery(query, 0).instant()])
    .unit(unit)
    .thresholds(buildThresholds(...thresholds))
    .mappings(buildMappings(texts))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Value)
    .reduceOptions(lastValue())
    .build();
}
