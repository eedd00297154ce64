/** @see https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards */
export interface DashboardProvisioning {
  readonly apiVersion: 1;
  readonly providers: readonly {
    readonly name: string;
    readonly type: "file";
    readonly allowUiUpdates: boolean;
    readonly disableDeletion: boolean;
    readonly updateIntervalSeconds: number;
    readonly options: { readonly path: string };
  }[];
}

/**
 * Tells Grafana to take its dashboards from a folder, and to follow that folder: a changed file is
 * shown within ten seconds, a removed one goes, and nothing is changed in the browser that the next
 * start would undo.
 *
 * @param path Absolute path of the folder inside Grafana's container
 */
export function buildDashboardProvider(path: string): DashboardProvisioning {
  return {
    apiVersion: 1,
    providers: [
      {
        name: "glasshouse",
        type: "file",
        allowUiUpdates: false,
        disableDeletion: false,
        updateIntervalSeconds: 10,
        options: { path },
      },
    ],
  };
}
