import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  alertmanagerConfigFile,
  type AlertmanagerFiles,
  buildAlertmanagerFiles,
} from "../../config/alertmanager/alertmanagerFiles";
import type { Settings } from "../../config/settings/settings";

/** Refuses what Alertmanager would refuse; run in the folder of its files. */
export const alertmanagerCheck = ["amtool", "check-config", alertmanagerConfigFile];

/** Alertmanager's files, by name: as the settings say, or the user's own. */
export function readAlertmanagerFiles(settings: Settings, prefix: string): AlertmanagerFiles {
  const { config } = settings.alertmanager;
  if (config === undefined) return buildAlertmanagerFiles(settings, prefix);
  return {
    ...Object.fromEntries(
      config.templates.map((path) => [basename(path), readFileSync(path, "utf8")]),
    ),
    [alertmanagerConfigFile]: readFileSync(config.source, "utf8"),
  };
}
