import {
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  getDisplayProcessor,
  getDisplayValueAlignmentFactors,
  FieldType,
  VizOrientation,
} from "@grafana/data";
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode } from "@grafana/schema";
import { BarGauge, VizRepeater } from "@grafana/ui";
import { useMemo } from "react";
import type { PanelProps } from "./panelProps";
import { readDisplayValues } from "./readDisplayValues";

interface BarGaugeOptions {
  readonly displayMode?: BarGaugeDisplayMode;
  readonly orientation?: VizOrientation;
  readonly showUnfilled?: boolean;
  readonly valueMode?: BarGaugeValueMode;
  readonly namePlacement?: BarGaugeNamePlacement;
  readonly minVizHeight?: number;
  readonly maxVizHeight?: number;
}

/** Each bar, of a list that scrolls when the panel is too low for it. */
const barHeight = 28;

export function BarGaugePanel(props: PanelProps) {
  const { panel, width, height, theme } = props;
  const options = (panel.options ?? {}) as BarGaugeOptions;
  const values = useMemo(() => {
    const read = readDisplayValues(props);
    const numbers = read.map(({ display }) => display.numeric).filter(Number.isFinite);
    // Without a maximum the longest bar is the greatest value, as in Grafana.
    return read.map((value) => ({
      ...value,
      field: {
        ...value.field,
        min: value.field.min ?? Math.min(0, ...numbers),
        max: value.field.max ?? Math.max(...numbers, 0),
      },
    }));
  }, [props.frames, props.values, panel, theme]);
  const orientation =
    options.orientation === undefined || options.orientation === VizOrientation.Auto
      ? width > height
        ? VizOrientation.Vertical
        : VizOrientation.Horizontal
      : options.orientation;
  const isHorizontal = orientation === VizOrientation.Horizontal;
  const least = options.minVizHeight ?? barHeight;
  const wanted = isHorizontal ? Math.max(height, values.length * (least + 8)) : height;
  return (
    <div className="scrolled" style={{ width, height }} tabIndex={wanted > height ? 0 : undefined}>
      <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
        getValues={() => values}
        getAlignmentFactors={getDisplayValueAlignmentFactors}
        width={wanted > height ? width - 12 : width}
        height={wanted}
        source={values}
        renderCounter={0}
        itemSpacing={8}
        orientation={orientation}
        minVizHeight={least}
        maxVizHeight={options.maxVizHeight ?? 300}
        renderValue={({ value, width: itemWidth, height: itemHeight, alignmentFactors }) => (
          <BarGauge
            value={value.display}
            field={value.field}
            display={getDisplayProcessor({
              field: { config: value.field, type: FieldType.number },
              theme,
              timeZone: "browser",
            })}
            width={itemWidth}
            height={itemHeight}
            orientation={orientation}
            displayMode={options.displayMode ?? BarGaugeDisplayMode.Gradient}
            showUnfilled={options.showUnfilled ?? true}
            valueDisplayMode={options.valueMode ?? BarGaugeValueMode.Color}
            namePlacement={options.namePlacement ?? BarGaugeNamePlacement.Auto}
            itemSpacing={8}
            lcdCellWidth={12}
            alignmentFactors={alignmentFactors}
            theme={theme}
          />
        )}
      />
    </div>
  );
}
