import { renderYaml } from "../prometheus/renderYaml";
import type { Settings } from "../settings/settings";
import { buildAlertmanagerConfig } from "./alertmanagerConfig";
import { renderMessageTemplates } from "./messages";

/** The file that Alertmanager is started with. */
export const alertmanagerConfigFile = "alertmanager.yml";

const templatesFile = "glasshouse.tmpl";

export type AlertmanagerFiles = Readonly<Record<string, string>> &
  Readonly<Record<typeof alertmanagerConfigFile, string>>;

/**
 * The files of Alertmanager's configuration folder, by name, as the settings say; not for one with `alertmanager.config`.
 *
 * @param prefix `<project>-<stack>`, which starts the names of the stack's containers
 */
export function buildAlertmanagerFiles(settings: Settings, prefix: string): AlertmanagerFiles {
  const { alertmanager } = settings;
  const dashboardsUrl = findDashboardsUrl(settings);
  const config = buildAlertmanagerConfig(alertmanager, {
    prefix,
    dashboardsUrl,
    templates: [templatesFile],
  });
  return {
    [alertmanagerConfigFile]: renderYaml(config),
    [templatesFile]: renderMessageTemplates({
      stack: prefix,
      dashboardsUrl,
      docsUrl: alertmanager.docsUrl && withoutSlash(alertmanager.docsUrl),
    }),
  };
}

function findDashboardsUrl({ alertmanager, dashboards, board, grafana }: Settings): string {
  if (alertmanager.externalUrl !== undefined) return withoutSlash(alertmanager.externalUrl);
  const { publishAddress, publishPort } = dashboards === "grafana" ? grafana : board;
  return `http://${publishAddress}:${publishPort}`;
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}
