/**
 * Where Grafana's container has these files. Not `/etc/grafana` itself, which holds the image's own
 * settings, so `GF_PATHS_PROVISIONING` has to name `provisioning` in here.
 */
export const grafanaFilesFolder = "/etc/grafana/glasshouse";

/** The dashboard that a log-in leads to, by its path below `grafanaFilesFolder`. */
export const homeDashboard = "dashboards/glasshouse-overview.json";
