import type { DataFrame, GrafanaTheme2, TimeRange } from "@grafana/data";
import type { TimelineEvent } from "../dashboard/annotations";
import type { PanelJson } from "../dashboard/dashboardJson";
import type { VariableValues } from "../dashboard/interpolate";

/** What a kind of panel is drawn from. */
export interface PanelProps {
  readonly panel: PanelJson;
  readonly frames: readonly DataFrame[];
  readonly range: TimeRange;
  readonly values: VariableValues;
  readonly events: readonly TimelineEvent[];
  /** 0: each panel its own crosshair, 1: shared, 2: shared with tooltips. */
  readonly cursorSync: number;
  readonly width: number;
  readonly height: number;
  readonly theme: GrafanaTheme2;
  readonly onZoom: (fromMilliseconds: number, toMilliseconds: number) => void;
}
