import {
  DashboardBuilder,
  DashboardCursorSync,
  type Dashboard,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { AppSettings, PanelSettings } from "../appSettings";
import { appScrapeIntervalSeconds, declaredTargets, scrapedApps } from "../prometheus/scrapedApps";
import type { Settings } from "../settings";
import { rateWindow } from "../prometheus/rateWindow";
import { dockerJobName } from "../prometheus/scrapeJobs";
import { accessLogSection } from "./accessLog";
import { dockerSection } from "./docker";
import { genericSection } from "./generic";
import { goSection } from "./go";
import { imageGallerySection } from "./imageGallery";
import { imageOfTheDaySection } from "./imageOfTheDay";
import { jvmSection } from "./jvm";
import { layOutRows, type DashboardRow } from "./layOutRows";
import { nodejsSection } from "./nodejs";
import { graphPanel } from "./panels";
import type { ScrapedJob } from "./scrapedJob";

/** Part of the dashboard's address, `/d/glasshouse`. */
export const dashboardUid = "glasshouse";

/** Grafana 12 and later know it; they migrate an older one, and only warn of a newer one. */
const schemaVersion = 41;

interface Section {
  /** What the row is called, before the app's name; a row without it bears the app's name alone. */
  readonly title?: string;
  readonly buildPanels: (job: ScrapedJob) => Panel[];
}

const sections: Readonly<Record<AppSettings["dashboard"], Section>> = {
  "image-gallery": { title: "Image Gallery", buildPanels: imageGallerySection },
  "image-of-the-day": { title: "Image of the Day API", buildPanels: imageOfTheDaySection },
  "access-log": { title: "Access Log", buildPanels: accessLogSection },
  go: { buildPanels: goSection },
  jvm: { buildPanels: jvmSection },
  nodejs: { buildPanels: nodejsSection },
  generic: { buildPanels: genericSection },
};

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

/**
 * The dashboard: one row for each deployed app in the order of the stack file, then the Docker
 * Engine's.
 */
export function buildDashboard(settings: Settings): Dashboard {
  const { scrapeIntervalSeconds } = settings.prometheus;
  const rows = [
    ...scrapedApps(settings.apps).map((app) => appRow(app, settings)),
    ...dockerRows(settings),
  ];
  const dashboard = new DashboardBuilder("Glasshouse")
    .uid(dashboardUid)
    .description("What the apps of this host and its Docker Engine are doing.")
    .tags(["docker", "glasshouse"])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh(refreshInterval(scrapeIntervalSeconds))
    .time({ from: `now-${timeRangeMinutes(scrapeIntervalSeconds)}m`, to: "now" })
    .build();
  return { ...dashboard, schemaVersion, panels: layOutRows(rows) };
}

/**
 * The text of a dashboard file, in the classic (v1) form: Grafana does not provision files in the
 * v2 schema.
 */
export function renderDashboard(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function appRow(app: AppSettings, settings: Settings): DashboardRow {
  const { title, buildPanels } = sections[app.dashboard];
  const job = {
    jobName: app.jobName,
    declaredTargets: declaredTargets(app),
    rateWindow: rateWindow(appScrapeIntervalSeconds(app, settings)),
  };
  return {
    title: title === undefined ? app.name : `${title} (${app.name})`,
    panels: [...buildPanels(job), ...app.panels.map((panel) => ownPanel(panel, app))],
  };
}

function ownPanel(
  { title, description, unit, query, legend }: PanelSettings,
  { name }: AppSettings,
): Panel {
  return graphPanel({
    title,
    description: description === "" ? `From the stack file's panels of ${name}.` : description,
    unit,
    queries: [{ query, legend }],
  });
}

function dockerRows({ engineMetrics, prometheus }: Settings): DashboardRow[] {
  const job = {
    jobName: dockerJobName,
    declaredTargets: 1,
    rateWindow: rateWindow(prometheus.scrapeIntervalSeconds),
  };
  return engineMetrics.mode === "off" ? [] : [{ title: "Docker", panels: dockerSection(job) }];
}

/** The shortest that Grafana offers and that can bring new samples. */
function refreshInterval(scrapeIntervalSeconds: number): string {
  return refreshIntervals.find(([seconds]) => seconds >= scrapeIntervalSeconds)?.[1] ?? "1h";
}

/** A quarter of an hour, or as long as twenty scrapes take. */
function timeRangeMinutes(scrapeIntervalSeconds: number): number {
  return Math.max(15, Math.ceil((20 * scrapeIntervalSeconds) / 60));
}
