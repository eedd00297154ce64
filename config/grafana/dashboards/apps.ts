import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { AppSettings, PanelSettings } from "../../appSettings";
import {
  appScrapeIntervalSeconds,
  declaredTargets,
  scrapedApps,
} from "../../prometheus/scrapedApps";
import { rateWindow } from "../../prometheus/rateWindow";
import { dockerJobName } from "../../prometheus/scrapeJobs";
import type { Settings } from "../../settings";
import { accessLogSection } from "../accessLog";
import { dockerSection } from "../docker";
import { frameDashboard } from "../frameDashboard";
import { genericSection } from "../generic";
import { goSection } from "../go";
import { imageGallerySection } from "../imageGallery";
import { imageOfTheDaySection } from "../imageOfTheDay";
import { jvmSection } from "../jvm";
import type { DashboardRow } from "../layOutRows";
import { nodejsSection } from "../nodejs";
import { graphPanel } from "../panels";
import type { ScrapedJob } from "../scrapedJob";

/** Part of the dashboard's address, `/d/glasshouse`. */
export const appsUid = "glasshouse";

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

/** One row for each deployed app in the order of the stack file, then the Docker Engine's. */
export function buildAppsDashboard(settings: Settings): Dashboard {
  return frameDashboard(settings, {
    uid: appsUid,
    title: "Apps",
    description: "What the apps of this host and its Docker Engine are doing.",
    tags: ["docker"],
    rows: [
      ...scrapedApps(settings.apps).map((app) => appRow(app, settings)),
      ...dockerRows(settings),
    ],
  });
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
