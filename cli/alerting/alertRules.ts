import { askPrometheus, type PrometheusPlace } from "../askPrometheus";

/** A rule of Prometheus' that can raise alerts. */
export interface AlertRule {
  readonly name: string;
  /** Those that the rule itself gives to its alerts. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Every rule that can raise alerts, whether one fires or not. */
export async function readAlertRules(prometheus: PrometheusPlace): Promise<AlertRule[]> {
  const path = "/api/v1/rules?type=alert&exclude_alerts=true";
  const { data } = JSON.parse(await askPrometheus(prometheus, path)) as {
    data: { groups: { rules: { name: string; labels?: Record<string, string> }[] }[] };
  };
  return data.groups.flatMap(({ rules }) =>
    rules.map(({ name, labels = {} }) => ({ name, labels })),
  );
}
