import { useEffect, useState } from "react";
import { annotationQuery, buildEvents, type TimelineEvent } from "../dashboard/annotations";
import { chooseStep } from "../dashboard/chooseStep";
import type { AnnotationJson } from "../dashboard/dashboardJson";
import { parseDuration } from "../dashboard/duration";
import { interpolateQuery } from "../dashboard/interpolate";
import type { QueryScope } from "../panels/usePanelFrames";
import { readRange } from "../prometheus/api";

const noEvents: readonly TimelineEvent[] = [];

/** Points in time that a query for events looks at. */
const maxDataPoints = 400;

/** The events of all annotations that are switched on. */
export function useEvents(
  annotations: readonly AnnotationJson[],
  muted: ReadonlySet<string>,
  scope: QueryScope | undefined,
): readonly TimelineEvent[] {
  const [events, setEvents] = useState(noEvents);
  useEffect(() => {
    const wanted = annotations.filter(({ name }) => !muted.has(name));
    if (scope === undefined || wanted.length === 0) {
      setEvents(noEvents);
      return;
    }
    const controller = new AbortController();
    const fromSeconds = scope.range.from.valueOf() / 1000;
    const toSeconds = scope.range.to.valueOf() / 1000;
    const reading = wanted.map(async (annotation) => {
      const step = chooseStep({
        fromSeconds,
        toSeconds,
        maxDataPoints,
        scrapeIntervalSeconds: scope.scrapeIntervalSeconds,
        minStepSeconds: parseDuration(annotation.step ?? ""),
      });
      const result = await readRange(
        interpolateQuery(annotationQuery(annotation), scope.values),
        {
          start: Math.floor(fromSeconds / step) * step,
          end: Math.floor(toSeconds / step) * step,
          step,
        },
        controller.signal,
      );
      return buildEvents(annotation, result, step);
    });
    // Events are an extra: a query that fails takes none of the panels with it.
    void Promise.allSettled(reading).then((results) => {
      if (!controller.signal.aborted) {
        setEvents(results.flatMap((result) => (result.status === "fulfilled" ? result.value : [])));
      }
    });
    return () => controller.abort();
  }, [annotations, muted, scope]);
  return events;
}
