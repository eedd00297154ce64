import type { Settings } from "../settings/settings";
import { buildDashboardProvider } from "./dashboardProvider";
import { buildDatasource } from "./datasource";
import { grafanaFilesFolder } from "./grafanaFilesFolder";
import { listDashboards } from "./listDashboards";
import { renderProvisioning } from "./renderProvisioning";

/** Grafana logs an error for each of its provisioning folders that is not there. */
const nothing = "apiVersion: 1\n";

/** What Grafana is told by files, by path below `grafanaFilesFolder`. */
export type GrafanaFiles = Readonly<
  Record<
    | "provisioning/datasources/glasshouse.yml"
    | "provisioning/dashboards/glasshouse.yml"
    | "provisioning/plugins/empty.yaml"
    | "provisioning/alerting/empty.yaml"
    | `dashboards/${string}.json`,
    string
  >
>;

/**
 * Grafana reads `provisioning` when it starts and when its admin tells it to; `dashboards` it follows while it runs.
 */
export function buildGrafanaFiles(settings: Settings, prefix: string): GrafanaFiles {
  return {
    "provisioning/datasources/glasshouse.yml": renderProvisioning(buildDatasource(settings)),
    "provisioning/dashboards/glasshouse.yml": renderProvisioning(
      buildDashboardProvider(`${grafanaFilesFolder}/dashboards`),
    ),
    "provisioning/plugins/empty.yaml": nothing,
    "provisioning/alerting/empty.yaml": nothing,
    ...Object.fromEntries(
      listDashboards(settings, prefix).map(({ file, json }) => [`dashboards/${file}`, json]),
    ),
  };
}
