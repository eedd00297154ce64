import { buildStaticJob } from "../prometheus/scrapeConfig";
import type { Settings } from "../settings/settings";
import { buildAlertmanagerRules } from "./alertmanagerRules";
import type { Server } from "./server";

const name = "alertmanager";
const port = 9093;

/**
 * Seconds after its start until Alertmanager sends anything. Prometheus repeats each alert once a minute, at its next evaluation: before
 * that, an alert may be there without the one that holds it back.
 */
export const startDelaySeconds = 90;

/** Where Prometheus and the dashboards page find it on the network. */
export const alertmanagerTarget = `${name}:${port}`;

/** Tells people what Prometheus alerts on. */
export const alertmanager = {
  name,
  title: "Alertmanager",
  componentType: "glasshouse:alertmanager:Alertmanager",
  settingsPath: [name],
  read: (settings) => (isWanted(settings) ? settings.alertmanager : undefined),
  port,
  readyPath: "/-/ready",
  versionPath: "/api/v2/status",
  volumes: [
    { role: "config", holdsData: false },
    { role: "secrets", holdsData: false },
    // Silences, and what was sent to whom.
    { role: "data", holdsData: true },
  ],
  jobs: (settings) =>
    isWanted(settings) ? [{ job: buildStaticJob(name, alertmanagerTarget), targets: 1 }] : [],
  ruleGroups: (settings) => (isWanted(settings) ? [buildAlertmanagerRules(name, settings)] : []),
} as const satisfies Server;

/** Without anyone to tell there is nothing for it to do. */
function isWanted({ alertmanager: { receivers, heartbeat, config } }: Settings): boolean {
  return receivers.length > 0 || heartbeat !== undefined || config !== undefined;
}
