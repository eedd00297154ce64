import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Dashboard,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { dockerApi } from "../servers/dockerApi";
import type { Settings } from "../settings/settings";
import { prometheusDatasource } from "./datasource";
import { layOutRows, type DashboardRow } from "./layOutRows";

/** Grafana 12 and later know it; they migrate an older one, and only warn of a newer one. */
const schemaVersion = 41;

/** What the dashboards of a stack are found and linked by. */
const stackTag = "glasshouse";
/** The same for those of one app each: there may be many. */
export const appTag = "glasshouse-app";

/** Grafana's choice of refresh intervals, in seconds. */
const refreshIntervals = [
  [5, "5s"],
  [10, "10s"],
  [30, "30s"],
  [60, "1m"],
  [300, "5m"],
  [900, "15m"],
  [1800, "30m"],
  [3600, "1h"],
] as const;

export interface FramedDashboard {
  /** Part of the dashboard's address, `/d/<uid>`. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** By which others lead to it. Default: that of a dashboard about the whole stack */
  readonly tag?: string;
  /** Beside that one. */
  readonly tags?: readonly string[];
  readonly variables?: readonly Builder<VariableModel>[];
  readonly rows: readonly DashboardRow[];
}

/** A dashboard with what all have in common: links to the others, alerts and starts of containers as annotations, refresh, time. */
export function frameDashboard(
  settings: Settings,
  { uid, title, description, tag = stackTag, tags = [], variables = [], rows }: FramedDashboard,
): Dashboard {
  const { scrapeIntervalSeconds } = settings.prometheus;
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([...tags, tag])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh(refreshInterval(scrapeIntervalSeconds))
    .time({ from: `now-${timeRangeMinutes(scrapeIntervalSeconds)}m`, to: "now" })
    .links([linkTo("Dashboards", stackTag), linkTo("Apps, one by one", appTag).asDropdown(true)])
    .annotations(buildAnnotations(settings))
    .variables([...variables])
    .build();
  return { ...dashboard, schemaVersion, panels: layOutRows(rows) };
}

function linkTo(title: string, tag: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .asDropdown(false)
    .keepTime(true)
    .includeVars(false);
}

/**
 * The text of a dashboard file, in the classic (v1) form: Grafana does not provision files in the
 * v2 schema.
 */
export function renderDashboard(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function buildAnnotations(settings: Settings): AnnotationQueryBuilder[] {
  const alerts = new AnnotationQueryBuilder()
    .name("Alerts")
    .datasource(prometheusDatasource)
    .enable(true)
    .iconColor("red")
    .expr('ALERTS{alertstate="firing",severity!="none"}')
    .titleFormat("{{alertname}}")
    .textFormat("{{app}} {{name}} {{exporter}} {{device}} {{probe}} {{node}} {{service}}")
    .tagKeys("severity");
  const starts = new AnnotationQueryBuilder()
    .name("Starts of containers")
    .datasource(prometheusDatasource)
    // Off until someone asks: a busy host starts many.
    .enable(false)
    .iconColor("blue")
    // In milliseconds, as Grafana takes them; without containers that are meant to end.
    .expr(
      "1000 * max by (name) (glasshouse_container_start_time_seconds and on (node, name) " +
        'glasshouse_container_info{restart=~"always|unless-stopped"})',
    )
    .useValueForTime(true)
    .titleFormat("{{name}} started");
  return dockerApi.read(settings) === undefined ? [alerts] : [alerts, starts];
}

/** The shortest that Grafana offers and that can bring new samples. */
function refreshInterval(scrapeIntervalSeconds: number): string {
  return refreshIntervals.find(([seconds]) => seconds >= scrapeIntervalSeconds)?.[1] ?? "1h";
}

/** A quarter of an hour, or as long as twenty scrapes take. */
function timeRangeMinutes(scrapeIntervalSeconds: number): number {
  return Math.max(15, Math.ceil((20 * scrapeIntervalSeconds) / 60));
}
