import { renderDuration } from "../prometheus/renderDuration";
import type { Settings } from "../settings/settings";

/** Where Grafana finds Prometheus on the network. */
export const prometheusUrl = "http://prometheus:9090";

/**
 * What panels name as their datasource: fixed, so that a dashboard still finds it after a fresh
 * start.
 */
export const prometheusDatasource = { type: "prometheus", uid: "glasshouse-prometheus" } as const;

/** @see https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources */
export interface DatasourceProvisioning {
  readonly apiVersion: 1;
  /** Whether a datasource that is no longer in the file is removed from Grafana. */
  readonly prune: boolean;
  readonly datasources: readonly {
    readonly name: string;
    readonly uid: string;
    readonly type: "prometheus";
    readonly access: "proxy";
    readonly url: string;
    readonly isDefault: boolean;
    readonly editable: boolean;
    readonly jsonData: { readonly httpMethod: "POST" | "GET"; readonly timeInterval: string };
  }[];
}

/**
 * Tells Grafana of Prometheus. Name and uid never change: Grafana takes a known name with another uid for an error
 * (https://github.com/grafana/grafana/issues/110740).
 */
export function buildDatasource({
  prometheus,
}: Pick<Settings, "prometheus">): DatasourceProvisioning {
  return {
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        name: "Prometheus",
        ...prometheusDatasource,
        access: "proxy",
        url: prometheusUrl,
        isDefault: true,
        editable: false,
        jsonData: {
          httpMethod: "POST",
          // The smallest step of a graph: a smaller one repeats samples.
          timeInterval: renderDuration(prometheus.scrapeIntervalSeconds),
        },
      },
    ],
  };
}
