import { renderYaml } from "../prometheus/renderYaml";
import type { DashboardProvisioning } from "./dashboardProvider";
import type { DatasourceProvisioning } from "./datasource";

/**
 * The text of a provisioning file, in which Grafana takes `$name` for an environment variable and
 * `$$` for `$`.
 */
export function renderProvisioning(file: DatasourceProvisioning | DashboardProvisioning): string {
  return renderYaml(file).replaceAll("$", "$$$$");
}
