import {
  createTheme,
  type DataFrame,
  type Field,
  FieldColorModeId,
  FieldType,
  getDisplayProcessor,
  getFieldDisplayName,
  type GrafanaTheme2,
  renderLegendFormat,
} from "@grafana/data";
import {
  type Labels,
  listSeries,
  type QueryResult,
  readValue,
  type Series,
} from "../prometheus/api";
import type { FieldConfigJson, TargetJson } from "./dashboardJson";
import { findMergedConfig } from "./findMergedConfig";

/** What Prometheus answered to one target of a panel. */
export interface TargetAnswer {
  readonly target: TargetJson;
  /** The query that was sent, without variables. */
  readonly expr: string;
  /** Seconds between two values; undefined for an instant query. */
  readonly stepSeconds: number | undefined;
  readonly result: QueryResult;
}

/** Data frames as Grafana's Prometheus datasource makes them; their fields have no configuration yet. */
export function buildFrames(answers: readonly TargetAnswer[]): DataFrame[] {
  const tableCount = answers.filter(({ target }) => target.format === "table").length;
  return answers.flatMap((answer) =>
    answer.target.format === "table"
      ? [buildTableFrame(answer, tableCount > 1)]
      : listSeries(answer.result).map((series) => buildSeriesFrame(answer, series)),
  );
}

/** Whether some series has a value: `NaN` alone is what Prometheus answers where nothing was measured. */
export function hasValues(frames: readonly DataFrame[]): boolean {
  return frames.some(({ fields }) =>
    fields.some(({ type, values }) => type !== FieldType.time && values.some((v) => v !== null)),
  );
}

function buildSeriesFrame({ target, expr, stepSeconds }: TargetAnswer, series: Series): DataFrame {
  const samples = series.values ?? (series.value === undefined ? [] : [series.value]);
  const name = renderSeriesName(target.legendFormat, series.metric, expr);
  return {
    ...(target.refId === undefined ? {} : { refId: target.refId }),
    name,
    length: samples.length,
    fields: [
      {
        name: "Time",
        type: FieldType.time,
        // Longer pauses than this are drawn as gaps.
        config: stepSeconds === undefined ? {} : { interval: stepSeconds * 1000 },
        values: samples.map(([time]) => time * 1000),
      },
      {
        name: "Value",
        type: FieldType.number,
        config: { displayNameFromDS: name },
        labels: { ...series.metric },
        values: samples.map(([, value]) => readValue(value)),
      },
    ],
  };
}

function buildTableFrame({ target, result }: TargetAnswer, isOneOfSeveral: boolean): DataFrame {
  const rows = listSeries(result).flatMap((series) =>
    (series.values ?? (series.value === undefined ? [] : [series.value])).map(([time, value]) => ({
      labels: series.metric,
      time: time * 1000,
      value: readValue(value),
    })),
  );
  const labelNames = [...new Set(rows.flatMap(({ labels }) => Object.keys(labels)))].sort();
  return {
    ...(target.refId === undefined ? {} : { refId: target.refId }),
    length: rows.length,
    fields: [
      field(
        "Time",
        FieldType.time,
        rows.map(({ time }) => time),
      ),
      ...labelNames.map((label) =>
        field(
          label,
          FieldType.string,
          rows.map(({ labels }) => labels[label] ?? ""),
        ),
      ),
      field(
        isOneOfSeveral ? `Value #${target.refId ?? "A"}` : "Value",
        FieldType.number,
        rows.map(({ value }) => value),
      ),
    ],
  };
}

function field(name: string, type: FieldType, values: unknown[]): Field {
  return { name, type, config: {}, values };
}

export function renderSeriesName(format: string | undefined, labels: Labels, expr: string): string {
  if (format !== undefined && format !== "" && format !== "__auto") {
    return renderLegendFormat(format, labels);
  }
  const { __name__: metric = "", ...others } = labels;
  const list = Object.entries(others).map(([label, value]) => `${label}="${value}"`);
  return list.length === 0 ? metric || expr : `${metric}{${list.join(", ")}}`;
}

export interface Decoration {
  readonly fieldConfig: FieldConfigJson | undefined;
  readonly theme: GrafanaTheme2;
  readonly defaultColorMode: FieldColorModeId;
}

/** Gives each field its configuration, its place in the palette and its way to show values. */
export function decorateFrames(
  frames: readonly DataFrame[],
  { fieldConfig, theme, defaultColorMode }: Decoration,
): DataFrame[] {
  let seriesIndex = 0;
  const copies = frames.map((frame) => ({ ...frame, fields: [...frame.fields] }));
  for (const frame of copies) {
    frame.fields = frame.fields.map((given) => {
      const { displayNameFromDS, interval } = given.config;
      const name = displayNameFromDS ?? getFieldDisplayName(given, frame, copies);
      const merged = findMergedConfig(
        fieldConfig,
        { name, refId: frame.refId, type: given.type },
        defaultColorMode,
      );
      const decorated: Field = {
        ...given,
        config:
          given.type === FieldType.time
            ? { custom: merged.custom, ...(interval === undefined ? {} : { interval }) }
            : { ...merged, ...(displayNameFromDS === undefined ? {} : { displayNameFromDS }) },
        state: given.type === FieldType.number ? { seriesIndex: seriesIndex++ } : {},
      };
      if (given.type === FieldType.time && merged.displayName !== undefined) {
        decorated.config.displayName = merged.displayName;
      }
      decorated.display = getDisplayProcessor({ field: decorated, theme, timeZone: "browser" });
      return decorated;
    });
  }
  return copies;
}

/** A theme for code that only formats values. */
export const plainTheme = createTheme();
