import { ReduceDataOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";

export function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(["lastNotNull"]);
}
