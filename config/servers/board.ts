import type { Server } from "./server";

const name = "board";

/** The dashboards page. */
export const board = {
  name,
  title: "the dashboards page",
  componentType: "glasshouse:board:Board",
  settingsPath: [name],
  imageKey: "baseImage",
  read: ({ dashboards, board: settings }) =>
    dashboards === "grafana" ? undefined : { ...settings, image: settings.baseImage },
  port: 8080,
  readyPath: "/healthz",
  volumes: [
    { role: "config", holdsData: false },
    { role: "dashboards", holdsData: false },
  ],
  jobs: () => [],
  ruleGroups: () => [],
} as const satisfies Server;
