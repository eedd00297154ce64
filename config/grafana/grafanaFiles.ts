import type { ObservedSettings } from "../prometheus/observedSettings";
import { buildDashboard, renderDashboard } from "./dashboard";
import { buildDashboardProvider } from "./dashboardProvider";
import { buildDatasource } from "./datasource";
import { renderProvisioning } from "./renderProvisioning";

/**
 * Where Grafana's container has these files. Not `/etc/grafana` itself, which holds the image's own
 * settings, so `GF_PATHS_PROVISIONING` has to name `provisioning` in here.
 */
export const grafanaFilesFolder = "/etc/grafana/glasshouse";

/** The dashboard that a log-in leads to, by its path below `grafanaFilesFolder`. */
export const homeDashboard = "dashboards/glasshouse.json";

/** Grafana logs an error for each of its provisioning folders that is not there. */
const nothing = "apiVersion: 1\n";

/** What Grafana is told by files, by path below `grafanaFilesFolder`. */
export type GrafanaFiles = Readonly<
  Record<
    | "provisioning/datasources/glasshouse.yml"
    | "provisioning/dashboards/glasshouse.yml"
    | "provisioning/plugins/empty.yaml"
    | "provisioning/alerting/empty.yaml"
    | typeof homeDashboard,
    string
  >
>;

/**
 * Grafana reads `provisioning` when it starts and when its admin tells it to; `dashboards` it follows while it runs.
 */
export function buildGrafanaFiles(settings: ObservedSettings): GrafanaFiles {
  return {
    "provisioning/datasources/glasshouse.yml": renderProvisioning(buildDatasource(settings)),
    "provisioning/dashboards/glasshouse.yml": renderProvisioning(
      buildDashboardProvider(`${grafanaFilesFolder}/dashboards`),
    ),
    "provisioning/plugins/empty.yaml": nothing,
    "provisioning/alerting/empty.yaml": nothing,
    [homeDashboard]: renderDashboard(buildDashboard(settings)),
  };
}
