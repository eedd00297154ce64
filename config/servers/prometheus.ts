import { renderPatience, type RuleGroup } from "../prometheus/ruleFile";
import { buildStaticJob } from "../prometheus/scrapeConfig";
import { selectSeries } from "../prometheus/selectSeries";
import type { Settings } from "../settings";
import type { Server } from "./server";

const name = "prometheus";

export const prometheus = {
  name,
  title: "Prometheus",
  componentType: "glasshouse:prometheus:Prometheus",
  settingsPath: [name],
  read: (settings) => settings.prometheus,
  port: 9090,
  readyPath: "/-/ready",
  versionPath: "/api/v1/status/buildinfo",
  volumes: [
    { role: "config", holdsData: false },
    { role: "data", holdsData: true },
  ],
  jobs: () => [{ job: buildStaticJob(name, "localhost:9090"), targets: 1 }],
  ruleGroups: (settings) => [buildRuleGroup(settings)],
} as const satisfies Server;

function buildRuleGroup(settings: Settings): RuleGroup {
  return {
    name,
    rules: [
      {
        alert: "PrometheusConfigReloadFailed",
        expr: `${selectSeries("prometheus_config_last_reload_successful", name)} == 0`,
        for: renderPatience(settings.prometheus.scrapeIntervalSeconds, settings),
        labels: { severity: "warning" },
        annotations: {
          summary: "Prometheus still runs with its previous configuration",
          description: "The last configuration was refused; Prometheus' log has the reason.",
        },
      },
    ],
  };
}
