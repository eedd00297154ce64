import { listSeries, type QueryResult } from "../prometheus/api";
import { renderSeriesName } from "./buildFrames";
import type { AnnotationJson } from "./dashboardJson";

/** What happened, at a time or from one time to another (milliseconds since 1970). */
export interface TimelineEvent {
  readonly from: number;
  readonly to: number | undefined;
  readonly title: string;
  readonly text: string;
  readonly color: string;
}

/** The annotations of a dashboard that ask Prometheus; Grafana's own are kept in Grafana. */
export function listAnnotations(list: readonly AnnotationJson[]): AnnotationJson[] {
  return list.filter((annotation) => annotationQuery(annotation) !== "");
}

export function annotationQuery({ expr, target }: AnnotationJson): string {
  return expr ?? target?.expr ?? "";
}

/** Events as Grafana reads them: neighbouring steps of a series whose value is not 0 are one. */
export function buildEvents(
  annotation: AnnotationJson,
  result: QueryResult,
  stepSeconds: number,
): TimelineEvent[] {
  const isTimeInValue = annotation.useValueForTime === true || annotation.useValueForTime === "on";
  return listSeries(result).flatMap((series) => {
    const describe = (from: number, to: number | undefined) => ({
      from,
      to,
      title:
        annotation.titleFormat === undefined || annotation.titleFormat === ""
          ? annotation.name
          : renderSeriesName(annotation.titleFormat, series.metric, ""),
      text:
        annotation.textFormat === undefined || annotation.textFormat === ""
          ? ""
          : renderSeriesName(annotation.textFormat, series.metric, ""),
      color: annotation.iconColor ?? "red",
    });
    const values = series.values ?? [];
    if (isTimeInValue) {
      const times = new Set(values.map(([, value]) => Math.floor(Number(value))));
      return [...times].filter((time) => time > 0).map((time) => describe(time, undefined));
    }
    const spans: { from: number; to: number }[] = [];
    for (const [time, value] of values) {
      const last = spans.at(-1);
      if (Number(value) === 0 || Number.isNaN(Number(value))) {
        continue;
      }
      if (last !== undefined && time - last.to <= stepSeconds * 1.5) {
        last.to = time;
      } else {
        spans.push({ from: time, to: time });
      }
    }
    return spans.map(({ from, to }) => describe(from * 1000, from === to ? undefined : to * 1000));
  });
}
