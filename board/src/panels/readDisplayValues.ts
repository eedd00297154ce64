import { type FieldDisplay, getFieldDisplayValues, type ReduceDataOptions } from "@grafana/data";
import { interpolateText } from "../dashboard/interpolate";
import type { PanelProps } from "./panelProps";

/** The numbers that a stat, gauge or bar gauge shows: a value for each series, unless the panel wants each row. */
export function readDisplayValues(
  { panel, frames, values, theme }: PanelProps,
  { sparkline = false }: { sparkline?: boolean } = {},
): FieldDisplay[] {
  const reduceOptions: ReduceDataOptions = {
    calcs: ["lastNotNull"],
    ...panel.options?.reduceOptions,
  };
  return getFieldDisplayValues({
    data: [...frames],
    reduceOptions,
    // The fields have their configuration already.
    fieldConfig: { defaults: {}, overrides: [] },
    replaceVariables: (text) => interpolateText(text, values),
    theme,
    timeZone: "browser",
    sparkline,
  });
}
