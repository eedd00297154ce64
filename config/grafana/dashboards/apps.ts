import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { AppSettings } from "../../settings/appSettings";
import { panelSettings } from "../../settings/panelSettings";
import {
  appScrapeIntervalSeconds,
  declaredTargets,
  scrapedApps,
} from "../../prometheus/scrapedApps";
import { rateWindow } from "../../prometheus/rateWindow";
import { dockerJobName } from "../../servers/engineRelay";
import { sampleDashboards, type SampleDashboardName } from "../../sampleDashboards";
import type { Settings } from "../../settings/settings";
import { dockerSection } from "../docker";
import { frameDashboard } from "../frameDashboard";
import { genericSection } from "../generic";
import { goSection } from "../go";
import { jvmSection } from "../jvm";
import type { DashboardRow } from "../layOutRows";
import { nodejsSection } from "../nodejs";
import { buildOwnPanel } from "../ownPanel";
import type { ScrapedJob } from "../scrapedJob";
import { trafficPanels } from "../traffic";

/** Part of the dashboard's address, `/d/glasshouse`. */
export const appsUid = "glasshouse";

interface Section {
  /** What the row is called, before the app's name; a row without it bears the app's name alone. */
  readonly title?: string;
  readonly buildPanels: (job: ScrapedJob) => Panel[];
}

const sections: Readonly<Record<AppSettings["dashboard"], Section>> = {
  "image-gallery": sampleSection("image-gallery"),
  "image-of-the-day": sampleSection("image-of-the-day"),
  "access-log": sampleSection("access-log"),
  go: { buildPanels: goSection },
  jvm: { buildPanels: jvmSection },
  nodejs: { buildPanels: nodejsSection },
  generic: { buildPanels: genericSection },
  none: { buildPanels: () => [] },
};

function sampleSection(name: SampleDashboardName): Section {
  const { title, panels } = sampleDashboards[name];
  const buildPanels = (job: ScrapedJob) =>
    panels.map((panel) => buildOwnPanel(panelSettings.parse(panel), job, title));
  return { title, buildPanels };
}

/** One row for each deployed app in the order of the stack file, then the Docker Engine's. */
export function buildAppsDashboard(settings: Settings): Dashboard {
  return frameDashboard(settings, {
    uid: appsUid,
    title: "Apps",
    description: "What the apps of this host and its Docker Engine are doing.",
    tags: ["docker"],
    rows: [
      ...scrapedApps(settings.apps)
        .map((app) => appRow(app, settings))
        .filter(({ panels }) => panels.length > 0),
      ...dockerRows(settings),
    ],
  });
}

/** What the app is asked for, what its runtime does, and its own panels. */
export function appRow(app: AppSettings, settings: Settings): DashboardRow {
  const { title, buildPanels } = sections[app.dashboard];
  const job = {
    jobName: app.jobName,
    declaredTargets: declaredTargets(app),
    rateWindow: rateWindow(appScrapeIntervalSeconds(app, settings)),
  };
  return {
    title: title === undefined ? app.name : `${title} (${app.name})`,
    panels: [
      ...trafficPanels(app, settings),
      ...buildPanels(job),
      ...app.panels.map((panel) =>
        buildOwnPanel(panel, job, `From the stack file's panels of ${app.name}.`),
      ),
    ],
  };
}

function dockerRows({ engineMetrics, prometheus }: Settings): DashboardRow[] {
  const job = {
    jobName: dockerJobName,
    declaredTargets: 1,
    rateWindow: rateWindow(prometheus.scrapeIntervalSeconds),
  };
  return engineMetrics.mode === "off" ? [] : [{ title: "Docker", panels: dockerSection(job) }];
}
