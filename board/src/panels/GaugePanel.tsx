import {
  type FieldDisplay,
  FieldColorModeId,
  formattedValueToString,
  type GrafanaTheme2,
  ThresholdsMode,
  VizOrientation,
} from "@grafana/data";
import { VizRepeater } from "@grafana/ui";
import { useMemo } from "react";
import { readColors } from "../frame/readColors";
import type { PanelProps } from "./panelProps";
import { readDisplayValues } from "./readDisplayValues";

interface GaugeOptions {
  readonly showThresholdMarkers?: boolean;
  readonly orientation?: VizOrientation;
}

export function GaugePanel(props: PanelProps) {
  const { panel, width, height, theme } = props;
  const options = (panel.options ?? {}) as GaugeOptions;
  const values = useMemo(
    () => readDisplayValues(props),
    [props.frames, props.values, panel, theme],
  );
  return (
    <VizRepeater<FieldDisplay>
      getValues={() => values}
      width={width}
      height={height}
      source={values}
      renderCounter={0}
      autoGrid
      orientation={options.orientation ?? VizOrientation.Auto}
      renderValue={({ value, width: itemWidth, height: itemHeight, count }) => (
        <Gauge
          value={value}
          width={itemWidth}
          height={itemHeight}
          hasName={count > 1}
          hasMarkers={options.showThresholdMarkers ?? true}
          theme={theme}
        />
      )}
    />
  );
}

interface GaugeProps {
  readonly value: FieldDisplay;
  readonly width: number;
  readonly height: number;
  readonly hasName: boolean;
  readonly hasMarkers: boolean;
  readonly theme: GrafanaTheme2;
}

/** Degrees left open at the bottom of the ring, halved. */
const openDegrees = 60;
const nameHeight = 22;

/** An arc from the least to the greatest value; `@grafana/ui` does not export its own. */
function Gauge({ value, width, height, hasName, hasMarkers, theme }: GaugeProps) {
  const { field, display } = value;
  const colors = readColors(theme);
  const min = field.min ?? 0;
  const max = field.max ?? 100;
  const share = clamp((display.numeric - min) / (max - min || 1));
  const room = height - (hasName ? nameHeight : 0);
  // The ring is as high as its radius and a part of it.
  const ringShare = 1 + Math.cos(radians(openDegrees));
  const radius = Math.max(10, Math.min(width / 2, room / (ringShare + 0.1)) - 8);
  const ring = Math.max(6, radius * 0.22);
  const centerX = width / 2;
  const centerY = (room - radius * ringShare) / 2 + radius;
  const middle = radius - ring / 2 - (hasMarkers ? 6 : 0);
  const text = formattedValueToString(display);
  const fontSize = Math.max(12, Math.min(radius * 0.5, (radius * 2.2) / Math.max(3, text.length)));
  const segments = hasMarkers ? thresholdSegments(value, theme, min, max) : [];
  return (
    <div style={{ width, height }}>
      <svg
        width={width}
        height={room}
        role="img"
        aria-label={`${display.title ?? ""} ${text}, from ${min} to ${max}`}
      >
        <Arc
          at={[centerX, centerY]}
          radius={middle}
          from={0}
          to={1}
          width={ring}
          color={colors.background.secondary}
        />
        {share > 0 && (
          <Arc
            at={[centerX, centerY]}
            radius={middle}
            from={0}
            to={share}
            width={ring}
            color={display.color ?? colors.text.primary}
          />
        )}
        {segments.map(({ from, to, color }) => (
          <Arc
            key={from}
            at={[centerX, centerY]}
            radius={radius}
            from={from}
            to={to}
            width={4}
            color={color}
          />
        ))}
        <text
          x={centerX}
          y={centerY}
          textAnchor="middle"
          dominantBaseline="middle"
          fontSize={fontSize}
          fontWeight={500}
          fill={display.color ?? colors.text.primary}
        >
          {text}
        </text>
      </svg>
      {hasName && (
        <div className="gauge-name" style={{ height: nameHeight }}>
          {display.title}
        </div>
      )}
    </div>
  );
}

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly color: string;
}

/**
 * The thresholds as parts of the ring. None where the whole ring would have one colour: a red ring around a healthy
 * "3 of 3" tells nothing and alarms.
 */
function thresholdSegments(
  { field }: FieldDisplay,
  theme: GrafanaTheme2,
  min: number,
  max: number,
): Segment[] {
  const { thresholds, color } = field;
  if (thresholds === undefined || color?.mode !== FieldColorModeId.Thresholds) {
    return [];
  }
  const isPercentage = thresholds.mode === ThresholdsMode.Percentage;
  const segments = thresholds.steps.flatMap((step, index, steps) => {
    const position = (at: number) => clamp(isPercentage ? at / 100 : (at - min) / (max - min || 1));
    const from = index === 0 ? 0 : position(step.value);
    const next = steps[index + 1];
    const to = next === undefined ? 1 : position(next.value);
    return to > from ? [{ from, to, color: theme.visualization.getColorByName(step.color) }] : [];
  });
  return segments.length > 1 ? segments : [];
}

interface ArcProps {
  readonly at: readonly [number, number];
  readonly radius: number;
  /** Shares of the ring, 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly color: string;
}

function Arc({ at: [x, y], radius, from, to, width, color }: ArcProps) {
  const angle = (share: number) => radians(90 + openDegrees + (360 - 2 * openDegrees) * share);
  const point = (share: number) =>
    `${x + radius * Math.cos(angle(share))} ${y + radius * Math.sin(angle(share))}`;
  const isLarge = angle(to) - angle(from) > Math.PI ? 1 : 0;
  return (
    <path
      d={`M ${point(from)} A ${radius} ${radius} 0 ${isLarge} 1 ${point(to)}`}
      fill="none"
      stroke={color}
      strokeWidth={width}
    />
  );
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function clamp(share: number): number {
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}
