import type { Settings } from "../settings";
import { buildDashboard, renderDashboard } from "./dashboard";
import { buildDashboardProvider } from "./dashboardProvider";
import { buildDatasource } from "./datasource";
import { grafanaFilesFolder } from "./grafanaFilesFolder";
import { renderProvisioning } from "./renderProvisioning";

/** What Grafana is told by files, by path below `grafanaFilesFolder`. */
export type GrafanaFiles = Readonly<
  Record<
    | "provisioning/datasources/glasshouse.yml"
    | "provisioning/dashboards/glasshouse.yml"
    | "dashboards/glasshouse.json",
    string
  >
>;

/**
 * Grafana reads `provisioning` when it starts and when its admin tells it to; `dashboards` it follows while it runs.
 */
export function buildGrafanaFiles(settings: Settings): GrafanaFiles {
  return {
    "provisioning/datasources/glasshouse.yml": renderProvisioning(buildDatasource(settings)),
    "provisioning/dashboards/glasshouse.yml": renderProvisioning(
      buildDashboardProvider(`${grafanaFilesFolder}/dashboards`),
    ),
    "dashboards/glasshouse.json": renderDashboard(buildDashboard(settings)),
  };
}
