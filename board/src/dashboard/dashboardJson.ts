import type { FieldConfig, ReduceDataOptions } from "@grafana/data";

/**
 * What the page reads of a dashboard file in Grafana's classic (v1) schema.
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly panels?: readonly PanelJson[];
  readonly templating?: { readonly list?: readonly VariableJson[] };
  readonly annotations?: { readonly list?: readonly AnnotationJson[] };
  readonly links?: readonly DashboardLinkJson[];
  readonly time?: { readonly from: string; readonly to: string };
  readonly refresh?: string | boolean;
  readonly timepicker?: { readonly refresh_intervals?: readonly string[] };
  /** 0: each panel its own crosshair, 1: shared, 2: shared with tooltips. */
  readonly graphTooltip?: number;
}

export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PanelJson {
  readonly id?: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos?: GridPosition;
  readonly targets?: readonly TargetJson[];
  readonly fieldConfig?: FieldConfigJson;
  readonly options?: Readonly<Record<string, unknown>> & {
    readonly reduceOptions?: ReduceDataOptions;
  };
  readonly transformations?: readonly TransformationJson[];
  readonly links?: readonly PanelLinkJson[];
  readonly transparent?: boolean;
  readonly maxDataPoints?: number | null;
  /** Least step of the panel's queries, such as `30s`. */
  readonly interval?: string | null;
  readonly repeat?: string;
  readonly repeatDirection?: "h" | "v";
  readonly maxPerRow?: number;
  /** Of a row. */
  readonly collapsed?: boolean;
  /** Of a collapsed row. */
  readonly panels?: readonly PanelJson[];
}

export interface TargetJson {
  readonly refId?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: "time_series" | "table" | "heatmap";
  readonly interval?: string;
  readonly intervalFactor?: number;
  readonly hide?: boolean;
}

export interface FieldConfigJson {
  readonly defaults?: FieldConfig;
  readonly overrides?: readonly {
    readonly matcher: { readonly id: string; readonly options?: unknown };
    readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
  }[];
}

export interface TransformationJson {
  readonly id: string;
  readonly options?: Record<string, unknown>;
  readonly disabled?: boolean;
}

export interface PanelLinkJson {
  readonly title?: string;
  readonly url?: string;
  readonly targetBlank?: boolean;
}

export interface DashboardLinkJson extends PanelLinkJson {
  readonly type?: "link" | "dashboards";
  readonly tags?: readonly string[];
  readonly asDropdown?: boolean;
  readonly keepTime?: boolean;
  readonly includeVars?: boolean;
  readonly tooltip?: string;
}

export interface VariableOptionJson {
  readonly text?: string | readonly string[];
  readonly value?: string | readonly string[];
  readonly selected?: boolean;
}

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly label?: string | null;
  readonly description?: string | null;
  readonly query?: string | { readonly query?: string };
  readonly definition?: string;
  readonly regex?: string;
  /** 0: none, 1 and 2: by text, 3 and 4: by number, 5 and 6: by text without case; even: descending. */
  readonly sort?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string | null;
  /** 0: shown, 1: without its label, 2: not shown. */
  readonly hide?: number;
  readonly current?: VariableOptionJson | Record<string, never>;
  readonly options?: readonly VariableOptionJson[];
}

export interface AnnotationJson {
  readonly name: string;
  readonly enable?: boolean;
  readonly hide?: boolean;
  readonly iconColor?: string;
  readonly builtIn?: number;
  readonly expr?: string;
  readonly step?: string;
  readonly titleFormat?: string;
  readonly textFormat?: string;
  readonly tagKeys?: string;
  /** The series' value is the time of the event, in milliseconds. */
  readonly useValueForTime?: boolean | "on" | "off";
  readonly target?: { readonly expr?: string };
}
