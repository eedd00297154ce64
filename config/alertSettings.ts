import { z } from "zod";
import { textOf, wholeNumber } from "./rules";

/** The alerts that Glasshouse raises by itself. */
export const ownAlerts = [
  "TargetsMissing",
  "EngineMetricsDown",
  "PrometheusConfigReloadFailed",
] as const;

/** Prometheus' rule for the names of labels, without those that it keeps for itself. */
const labelName = textOf(
  /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/,
  "must be a label name of letters, digits and underscores that does not start with two of these",
);

/** Prometheus replaces `$NAME` in the values of external labels by what its environment holds. */
const labelValue = textOf(/^[^$]+$/, "must be text without `$`");

const alertRule = z.strictObject({
  alert: textOf(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    "must be a name of letters, digits and underscores",
  ).describe("Name of the alert"),
  query: z.string().min(1).describe("PromQL query; each series of its answer is an alert"),
  forSeconds: wholeNumber(0, 86_400)
    .default(60)
    .describe("Seconds that it must last before it alerts"),
  severity: z
    .enum(["critical", "warning", "info"])
    .default("warning")
    .describe("Label `severity` of the alert"),
  summary: z
    .string()
    .min(1)
    .describe("What is wrong, in one line; may hold `{{ $value }}` and `{{ $labels.app }}`"),
  description: z.string().default("").describe("What to do"),
});

/** What Prometheus alerts on beside, or instead of, what it does anyway. */
export const alertSettings = z.strictObject({
  forSeconds: wholeNumber(0, 86_400)
    .optional()
    .describe(
      "Seconds that a fault must last before Glasshouse's own alerts are raised. Default: four scrapes, at least 60",
    ),
  disabled: z
    .array(z.enum(ownAlerts))
    .default([])
    .describe("Alerts of Glasshouse's own that are not raised"),
  rules: z
    .array(alertRule)
    .default([])
    .describe("Alerts of your own; promtool checks them before Prometheus gets them"),
});

/** Labels of everything that leaves Prometheus. */
export const externalLabels = z
  .record(labelName, labelValue)
  .default({})
  .describe(
    "Labels of everything that leaves this Prometheus (alerts, federation, remote reads), such as `environment: production`",
  );

export type AlertRuleSettings = z.output<typeof alertRule>;
export type OwnAlert = (typeof ownAlerts)[number];
