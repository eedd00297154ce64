import {
  type DataFrame,
  FieldColorModeId,
  type GrafanaTheme2,
  type TimeRange,
} from "@grafana/data";
import { useEffect, useMemo, useRef, useState } from "react";
import {
  buildFrames,
  decorateFrames,
  hasValues,
  type TargetAnswer,
} from "../dashboard/buildFrames";
import { chooseStep, rateInterval } from "../dashboard/chooseStep";
import type { PanelJson, TargetJson } from "../dashboard/dashboardJson";
import { parseDuration, renderDuration } from "../dashboard/duration";
import { interpolateQuery, type VariableValues } from "../dashboard/interpolate";
import { PrometheusAwayError, readInstant, readRange } from "../prometheus/api";

/** What a panel's queries depend on beside the panel. A new object asks again. */
export interface QueryScope {
  readonly range: TimeRange;
  readonly values: VariableValues;
  readonly scrapeIntervalSeconds: number;
}

export interface PanelFrames {
  /** Undefined before the first answer. */
  readonly frames: readonly DataFrame[] | undefined;
  /** The range that the frames are from. */
  readonly range: TimeRange;
  /** Prometheus' reason not to answer. */
  readonly error: string | undefined;
  readonly isLoading: boolean;
  /** Why nothing is drawn, where Prometheus had nothing. */
  readonly emptiness: "no series" | "no values" | undefined;
}

interface Answer {
  readonly raw: readonly DataFrame[];
  readonly range: TimeRange;
  readonly error: string | undefined;
}

/** Panels whose colours tell good from bad, unless the dashboard says otherwise. */
const thresholdTypes = new Set(["stat", "gauge", "bargauge", "table", "state-timeline"]);

/** A panel's data, asked for while the panel is seen. */
export function usePanelFrames(
  panel: PanelJson,
  scope: QueryScope,
  { isSeen, width, theme }: { isSeen: boolean; width: number; theme: GrafanaTheme2 },
): PanelFrames {
  const [answer, setAnswer] = useState<Answer>();
  const [isLoading, setLoading] = useState(false);
  const asked = useRef<QueryScope>(undefined);
  const isReady = isSeen && width > 0;
  const pixels = useRef(width);
  pixels.current = width;
  useEffect(() => {
    if (!isReady || asked.current === scope) {
      return;
    }
    const controller = new AbortController();
    let isAnswered = false;
    asked.current = scope;
    setLoading(true);
    readPanel(panel, scope, pixels.current, controller.signal).then(
      (raw) => {
        isAnswered = true;
        setAnswer({ raw, range: scope.range, error: undefined });
        setLoading(false);
      },
      (error: unknown) => {
        if (controller.signal.aborted) {
          return;
        }
        isAnswered = true;
        setLoading(false);
        // The banner tells that Prometheus is away; the panel keeps what it has.
        if (!(error instanceof PrometheusAwayError)) {
          const message = error instanceof Error ? error.message : String(error);
          setAnswer({ raw: [], range: scope.range, error: message });
        }
      },
    );
    return () => {
      controller.abort();
      // Scrolled away before the answer: it is asked again when it is back.
      if (!isAnswered) {
        asked.current = undefined;
      }
    };
  }, [panel, scope, isReady]);
  const frames = useMemo(
    () =>
      answer === undefined
        ? undefined
        : decorateFrames(answer.raw, {
            fieldConfig: panel.fieldConfig,
            theme,
            defaultColorMode: thresholdTypes.has(panel.type)
              ? FieldColorModeId.Thresholds
              : FieldColorModeId.PaletteClassic,
          }),
    [answer, panel, theme],
  );
  return {
    frames,
    range: answer?.range ?? scope.range,
    error: answer?.error,
    isLoading,
    emptiness:
      answer === undefined || answer.error !== undefined
        ? undefined
        : answer.raw.every(({ length }) => length === 0)
          ? "no series"
          : hasValues(answer.raw)
            ? undefined
            : "no values",
  };
}

async function readPanel(
  panel: PanelJson,
  scope: QueryScope,
  width: number,
  signal: AbortSignal,
): Promise<readonly DataFrame[]> {
  const targets = (panel.targets ?? []).filter(({ hide, expr }) => hide !== true && Boolean(expr));
  const answers = await Promise.all(
    targets.flatMap((target) => readTarget(target, panel, scope, width, signal)),
  );
  const frames = buildFrames(answers);
  const transformations = (panel.transformations ?? []).filter(({ disabled }) => disabled !== true);
  if (transformations.length === 0) {
    return frames;
  }
  const { transformFrames } = await import("../dashboard/transformFrames");
  return transformFrames(frames, transformations);
}

function readTarget(
  target: TargetJson,
  panel: PanelJson,
  { range, values, scrapeIntervalSeconds }: QueryScope,
  width: number,
  signal: AbortSignal,
): Promise<TargetAnswer>[] {
  const fromSeconds = range.from.valueOf() / 1000;
  const toSeconds = range.to.valueOf() / 1000;
  const minStep = interpolateQuery(target.interval || panel.interval || "", values);
  const step = chooseStep({
    fromSeconds,
    toSeconds,
    maxDataPoints: panel.maxDataPoints ?? Math.max(100, Math.round(width)),
    scrapeIntervalSeconds,
    minStepSeconds: parseDuration(minStep),
  });
  const rangeSeconds = Math.max(1, Math.round(toSeconds - fromSeconds));
  const expr = interpolateQuery(target.expr ?? "", {
    ...values,
    __interval: renderDuration(step),
    __interval_ms: String(Math.round(step * 1000)),
    __rate_interval: renderDuration(rateInterval(step, scrapeIntervalSeconds)),
    __range: `${rangeSeconds}s`,
    __range_s: String(rangeSeconds),
    __range_ms: String(rangeSeconds * 1000),
    __from: String(range.from.valueOf()),
    __to: String(range.to.valueOf()),
  });
  const readings: Promise<TargetAnswer>[] = [];
  if (target.range === true || target.instant !== true) {
    // Whole steps: a refresh must not move the points that are drawn already.
    const start = Math.floor(fromSeconds / step) * step;
    const end = Math.floor(toSeconds / step) * step;
    readings.push(
      readRange(expr, { start, end, step }, signal).then((result) => ({
        target,
        expr,
        stepSeconds: step,
        result,
      })),
    );
  }
  if (target.instant === true) {
    readings.push(
      readInstant(expr, toSeconds, signal).then((result) => ({
        target,
        expr,
        stepSeconds: undefined,
        result,
      })),
    );
  }
  return readings;
}
