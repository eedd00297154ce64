/** Labels of what a stack creates on a host. */
export const labels = {
  project: "glasshouse.project",
  stack: "glasshouse.stack",
  app: "glasshouse.app",
  /** On volumes: a name in the app's `volumes`, or a server's role. */
  volume: "glasshouse.volume",
  /** On volumes whose content would be missed. */
  data: "glasshouse.data",
  /** On secrets and configs of a Swarm: the name of the service that they are made for. */
  service: "glasshouse.service",
  /** On containers that exist for a moment only, to read and write volumes. */
  helper: "glasshouse.helper",
} as const;
