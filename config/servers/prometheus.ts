import { buildStaticJob } from "../prometheus/scrapeConfig";
import { buildPrometheusRules } from "./prometheusRules";
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
  ruleGroups: (settings) => [buildPrometheusRules(name, settings)],
} as const satisfies Server;
