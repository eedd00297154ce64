import type { Server } from "./server";

const name = "grafana";

export const grafana = {
  name,
  title: "Grafana",
  componentType: "glasshouse:grafana:Grafana",
  settingsPath: [name],
  read: (settings) => (settings.grafana.deploy === "never" ? undefined : settings.grafana),
  port: 3000,
  readyPath: "/api/health",
  versionPath: "/api/health",
  volumes: [
    { role: "config", holdsData: false },
    { role: "secrets", holdsData: false },
    { role: "data", holdsData: true },
  ],
  jobs: () => [],
  ruleGroups: () => [],
} as const satisfies Server;
