import { askPrometheus, type PrometheusPlace } from "./askPrometheus";

/** A series of an answer, with its value now. */
export interface Sample {
  readonly metric: Readonly<Partial<Record<string, string>>>;
  readonly value: number;
}

/**
 * What a query in PromQL answers now.
 *
 * @throws SetupError when Prometheus does not answer, or refuses
 */
export async function queryPrometheus(place: PrometheusPlace, promql: string): Promise<Sample[]> {
  const path = `/api/v1/query?query=${encodeURIComponent(promql)}`;
  const { data } = JSON.parse(await askPrometheus(place, path)) as {
    data: { result: { metric: Sample["metric"]; value: [number, string] }[] };
  };
  return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
}
