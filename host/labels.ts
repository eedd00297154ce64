/** Labels of what a stack creates on a host. */
export const labels = {
  project: "glasshouse.project",
  stack: "glasshouse.stack",
  app: "glasshouse.app",
  /** On containers that exist for a moment only, to read and write volumes. */
  helper: "glasshouse.helper",
} as const;
