import {
  type DataFrame,
  EventBusSrv,
  type Field,
  FieldType,
  getFieldDisplayName,
} from "@grafana/data";
import { LegendDisplayMode, type VizLegendOptions } from "@grafana/schema";
import {
  PanelContextProvider,
  SeriesVisibilityChangeMode,
  TimeSeries,
  TooltipPlugin2,
} from "@grafana/ui";
import { type ComponentProps, useMemo, useRef, useState } from "react";
import { useButtonNames } from "../frame/useButtonNames";
import { EventMarkers } from "./EventMarkers";
import type { PanelProps } from "./panelProps";
import { SeriesTooltip } from "./SeriesTooltip";

type TweakScale = NonNullable<ComponentProps<typeof TimeSeries>["tweakScale"]>;

interface TimeSeriesOptions {
  readonly legend?: Partial<VizLegendOptions>;
  readonly tooltip?: { readonly mode?: "single" | "multi" | "none"; readonly sort?: string };
}

/** Below this width a legend beside the graph leaves no room for the graph. */
const narrowWidth = 360;

export function TimeSeriesPanel(props: PanelProps) {
  const { panel, frames, range, events, cursorSync, width, height, theme, onZoom } = props;
  const options = (panel.options ?? {}) as TimeSeriesOptions;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => hideSeries(frames, hidden), [frames, hidden]);
  const legend = useMemo(
    () => readLegend(options.legend, width < narrowWidth),
    [options.legend, width < narrowWidth],
  );
  const root = useRef<HTMLDivElement>(null);
  useButtonNames(root);
  const structureRev = useStructureRevision(shown);
  const tooltipMode = options.tooltip?.mode ?? "single";
  const context = useMemo(
    () => ({
      eventsScope: "glasshouse",
      eventBus: new EventBusSrv(),
      onToggleSeriesVisibility: (
        label: string | string[] | null,
        mode: SeriesVisibilityChangeMode,
      ) => {
        const names = [label ?? []].flat();
        setHidden((old) =>
          mode === SeriesVisibilityChangeMode.AppendToSelection
            ? toggle(old, names)
            : showOnly(frames, old, names),
        );
      },
    }),
    [frames],
  );
  return (
    <div className="graph" ref={root}>
      <p className="hidden">{describeSeries(frames)}</p>
      <PanelContextProvider value={context}>
        <TimeSeries
          frames={shown}
          structureRev={structureRev}
          width={width}
          height={height}
          timeRange={range}
          timeZone="browser"
          legend={legend}
          tweakScale={tweakScale}
        >
          {(config, alignedFrame) => (
            <>
              <TooltipPlugin2
                config={config}
                // 0: the nearest series, 1: all of them at that time.
                hoverMode={tooltipMode === "multi" ? 1 : 0}
                syncMode={cursorSync}
                queryZoom={({ from, to }) => onZoom(from, to)}
                render={(_, indexes, seriesIndex) =>
                  tooltipMode === "none" ? null : (
                    <SeriesTooltip
                      frame={alignedFrame}
                      indexes={indexes}
                      seriesIndex={seriesIndex}
                      isMulti={tooltipMode === "multi"}
                      sort={options.tooltip?.sort ?? "none"}
                      events={events}
                      range={range}
                      theme={theme}
                    />
                  )
                }
              />
              <EventMarkers config={config} events={events} theme={theme} />
            </>
          )}
        </TimeSeries>
      </PanelContextProvider>
    </div>
  );
}

function readLegend(
  given: Partial<VizLegendOptions> | undefined,
  isNarrow: boolean,
): VizLegendOptions {
  return {
    calcs: given?.calcs ?? [],
    displayMode: given?.displayMode ?? LegendDisplayMode.List,
    placement: isNarrow ? "bottom" : (given?.placement ?? "bottom"),
    showLegend: given?.showLegend !== false && given?.displayMode !== LegendDisplayMode.Hidden,
    ...(given?.sortBy === undefined ? {} : { sortBy: given.sortBy }),
    ...(given?.sortDesc === undefined ? {} : { sortDesc: given.sortDesc }),
    ...(given?.width === undefined ? {} : { width: given.width }),
  };
}

/** uPlot shows 0 to 100 where all values are 0, which Grafana keeps: "10000 %" for a ratio of nothing. */
const tweakScale: TweakScale = (scale, field) =>
  field.config.max == null && isAllZero(field)
    ? {
        ...scale,
        range: (_, dataMin: number | null, dataMax: number | null) =>
          dataMin === 0 && dataMax === 0 ? [0, 1] : [dataMin ?? 0, dataMax ?? 1],
      }
    : scale;

function isAllZero({ values }: Field): boolean {
  return values.every((value) => value === 0 || value == null);
}

/** A number that changes when a graph has to be set up again, and not when it only has new values. */
function useStructureRevision(frames: readonly DataFrame[]): number {
  const last = useRef({ signature: "", revision: 0 });
  const allZero = frames.every(({ fields }) =>
    fields.every((field) => field.type !== FieldType.number || isAllZero(field)),
  );
  const signature = JSON.stringify([
    allZero,
    frames.map(({ fields }) => fields.map(({ name, config, type }) => [name, config, type])),
  ]);
  if (last.current.signature !== signature) {
    last.current = { signature, revision: last.current.revision + 1 };
  }
  return last.current.revision;
}

function hideSeries(frames: readonly DataFrame[], hidden: ReadonlySet<string>): DataFrame[] {
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) =>
      field.type === FieldType.number && hidden.has(getFieldDisplayName(field, frame, [...frames]))
        ? {
            ...field,
            config: {
              ...field.config,
              custom: {
                ...(field.config.custom as object | undefined),
                hideFrom: { viz: true, legend: false, tooltip: true },
              },
            },
          }
        : field,
    ),
  }));
}

function listNames(frames: readonly DataFrame[]): string[] {
  return frames.flatMap((frame) =>
    frame.fields
      .filter(({ type }) => type === FieldType.number)
      .map((field) => getFieldDisplayName(field, frame, [...frames])),
  );
}

function toggle(hidden: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> {
  const next = new Set(hidden);
  for (const name of names) {
    if (!next.delete(name)) {
      next.add(name);
    }
  }
  return next;
}

/** As in Grafana: a click shows only that series, a second one all of them. */
function showOnly(
  frames: readonly DataFrame[],
  hidden: ReadonlySet<string>,
  names: readonly string[],
): ReadonlySet<string> {
  const others = listNames(frames).filter((name) => !names.includes(name));
  const isAlone = others.length > 0 && others.every((name) => hidden.has(name));
  return isAlone ? new Set() : new Set(others);
}

/** What a screen reader gets of a graph: the last value of each series. */
function describeSeries(frames: readonly DataFrame[]): string {
  const series = frames.flatMap((frame) =>
    frame.fields
      .filter(({ type }) => type === FieldType.number)
      .map((field) => {
        const last = field.values.findLast((value) => value != null);
        const shown = field.display?.(last);
        const text = shown === undefined ? "" : `${shown.text}${shown.suffix ?? ""}`;
        return `${getFieldDisplayName(field, frame, [...frames])}: ${text}`;
      }),
  );
  return `Graph. Last values: ${series.slice(0, 20).join("; ")}.`;
}
