/** @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: {
    readonly summary: string;
    readonly description?: string;
    /** From where on it is a fault, in words. */
    readonly threshold?: string;
    readonly runbook_url?: string;
  };
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules that Prometheus evaluates together. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/** The parts of Prometheus' rule files that Glasshouse uses. */
export interface Rules {
  readonly groups: readonly RuleGroup[];
}
