import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { prometheusDatasource } from "../datasource";

/** A PromQL query and how its series are named. */
export interface PanelQuery {
  readonly query: string;
  /**
   * Fixed text, or labels such as `{{state}}`; never `{{instance}}`, an address that changes with
   * the container.
   */
  readonly legend: string;
}

export function buildDataquery({ query, legend }: PanelQuery, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId(index))
    .datasource(prometheusDatasource)
    .expr(query)
    .legendFormat(legend);
}

export function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}
