import {
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  VizOrientation,
} from "@grafana/data";
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  VizRepeater,
} from "@grafana/ui";
import { useMemo } from "react";
import { readableColor } from "../frame/readableColor";
import type { PanelProps } from "./panelProps";
import { readDisplayValues } from "./readDisplayValues";

interface StatOptions {
  readonly colorMode?: BigValueColorMode;
  readonly graphMode?: BigValueGraphMode;
  readonly justifyMode?: BigValueJustifyMode;
  readonly textMode?: BigValueTextMode;
  readonly orientation?: VizOrientation;
}

export function StatPanel(props: PanelProps) {
  const { panel, width, height, theme } = props;
  const options = (panel.options ?? {}) as StatOptions;
  const colorMode = options.colorMode ?? BigValueColorMode.Value;
  const graphMode = options.graphMode ?? BigValueGraphMode.Area;
  const values = useMemo(
    () => readDisplayValues(props, { sparkline: graphMode !== BigValueGraphMode.None }),
    [props.frames, props.values, panel, theme, graphMode],
  );
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      width={width}
      height={height}
      source={values}
      itemSpacing={3}
      renderCounter={0}
      autoGrid
      orientation={options.orientation ?? VizOrientation.Auto}
      renderValue={({ value, width: itemWidth, height: itemHeight, alignmentFactors, count }) => (
        <BigValue
          value={
            colorMode === BigValueColorMode.Value && value.display.color !== undefined
              ? { ...value.display, color: readableColor(value.display.color, theme) }
              : value.display
          }
          count={count}
          {...(value.sparkline === undefined ? {} : { sparkline: value.sparkline })}
          colorMode={colorMode}
          graphMode={graphMode}
          justifyMode={options.justifyMode ?? BigValueJustifyMode.Auto}
          textMode={readTextMode(options.textMode, values.length)}
          alignmentFactors={alignmentFactors}
          width={itemWidth}
          height={itemHeight}
          theme={theme}
        />
      )}
    />
  );
}

/** A single number needs no name: the panel's title is its name. */
function readTextMode(mode: BigValueTextMode | undefined, count: number): BigValueTextMode {
  return mode === undefined || mode === BigValueTextMode.Auto
    ? count === 1
      ? BigValueTextMode.Value
      : BigValueTextMode.ValueAndName
    : mode;
}
