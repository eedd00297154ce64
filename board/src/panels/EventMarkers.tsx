import { colorManipulator, type GrafanaTheme2 } from "@grafana/data";
import type { UPlotConfigBuilder } from "@grafana/ui";
import { useEffect, useLayoutEffect, useRef } from "react";
import type uPlot from "uplot";
import type { TimelineEvent } from "../dashboard/annotations";

interface EventMarkersProps {
  readonly config: UPlotConfigBuilder;
  readonly events: readonly TimelineEvent[];
  readonly theme: GrafanaTheme2;
}

/** Draws events into a graph: a dashed line, or a shade for one that lasts. Its tooltip names them. */
export function EventMarkers({ config, events, theme }: EventMarkersProps) {
  const plot = useRef<uPlot>(undefined);
  const current = useRef({ events, theme });
  current.current = { events, theme };
  useLayoutEffect(() => {
    config.addHook("init", (u) => {
      plot.current = u;
    });
    config.addHook("draw", (u) => drawEvents(u, current.current));
  }, [config]);
  useEffect(() => plot.current?.redraw(), [events, theme]);
  return null;
}

function drawEvents(
  u: uPlot,
  { events, theme }: { events: readonly TimelineEvent[]; theme: GrafanaTheme2 },
): void {
  const { ctx, bbox } = u;
  const right = bbox.left + bbox.width;
  const pixel = devicePixelRatio;
  const position = (time: number) =>
    Math.min(right, Math.max(bbox.left, u.valToPos(time, "x", true)));
  ctx.save();
  for (const { from, to, color } of events) {
    const start = position(from);
    const end = position(to ?? from);
    const isOutside = (start === right && end === right) || end < bbox.left;
    if (isOutside || (end === bbox.left && start === bbox.left)) {
      continue;
    }
    const stroke = theme.visualization.getColorByName(color);
    if (to !== undefined) {
      ctx.fillStyle = colorManipulator.alpha(stroke, 0.1);
      ctx.fillRect(start, bbox.top, end - start, bbox.height);
    }
    ctx.strokeStyle = stroke;
    ctx.lineWidth = pixel;
    ctx.setLineDash([4 * pixel, 4 * pixel]);
    for (const x of to === undefined ? [start] : [start, end]) {
      if (x > bbox.left && x < right) {
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
    }
    ctx.setLineDash([]);
    ctx.fillStyle = stroke;
    ctx.fillRect(
      start - (to === undefined ? 3 * pixel : 0),
      bbox.top + bbox.height,
      Math.max(6 * pixel, end - start),
      3 * pixel,
    );
  }
  ctx.restore();
}
