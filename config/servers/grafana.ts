import type { Server } from "./server";

const name = "grafana";

export const grafana = {
  name,
  title: "Grafana",
  componentType: "glasshouse:grafana:Grafana",
  settingsPath: [name],
  read: ({ dashboards, grafana: settings }) =>
    dashboards === "board" || settings.deploy === "never" ? undefined : settings,
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
