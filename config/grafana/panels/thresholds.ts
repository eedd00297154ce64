import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";

export interface ThresholdStep {
  /** From where on; null for the lowest. */
  readonly value: number | null;
  readonly color: string;
}

/** Colours of values, from each step on. */
export function buildThresholds(...list: readonly ThresholdStep[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(list.map((step) => ({ ...step })));
}
