import { z } from "zod";
import { decimalNumber, textOf, wholeNumber } from "./rules";

/** The alerts that Glasshouse raises by itself; docs/alerts.md has a section for each. */
export const ownAlerts = [
  "TargetsMissing",
  "DiscoveredTargetDown",
  "ExternalTargetDown",
  "ExporterDown",
  "EngineMetricsDown",
  "EngineHealthChecksFailing",
  "PrometheusConfigReloadFailed",
  "PrometheusRuleFailures",
  "PrometheusNotIngesting",
  "PrometheusStorageFailing",
  "PrometheusStorageAlmostFull",
  "AlertmanagerConfigReloadFailed",
  "AlertmanagerMessagesFailing",
  "Watchdog",
  "HostCpuSaturated",
  "HostMemoryLow",
  "HostOomKill",
  "HostDiskFillsUp",
  "HostInodesRunOut",
  "HostFileSystemReadOnly",
  "HostNetworkErrors",
  "HostClockNotSynchronised",
  "ContainerDown",
  "ContainerRestartLoop",
  "ContainerUnhealthy",
  "ContainerHealthFlapping",
  "ContainerOomKilled",
  "ContainerMemoryNearLimit",
  "ContainerThrottled",
  "SwarmNodeDown",
  "SwarmQuorumAtRisk",
  "SwarmQuorumLost",
  "SwarmServiceIncomplete",
  "SwarmTasksFailing",
  "ProbeFailing",
  "ProbeSlow",
  "ProbeCertificateExpires",
] as const;

/** Prometheus' rule for the names of labels, without those that it keeps for itself. */
export const labelName = textOf(
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

const percent = (defaultPercent: number) => wholeNumber(1, 100).default(defaultPercent);
const hours = (defaultHours: number) => wholeNumber(1, 720).default(defaultHours);

/** From where on Glasshouse's own alerts are raised. */
const thresholds = z.strictObject({
  hostCpuPercent: percent(90).describe(
    "Share of all processors that must be in use for `HostCpuSaturated`",
  ),
  hostMemoryPercent: percent(90).describe(
    "Share of the host's memory that must be in use for `HostMemoryLow`",
  ),
  diskFullHours: hours(24).describe(
    "Hours ahead that a full disk (`HostDiskFillsUp`) or one without inodes (`HostInodesRunOut`) is a warning",
  ),
  diskFullSoonHours: hours(4).describe("Hours ahead that it is critical"),
  diskUsedPercent: percent(60).describe(
    "Share of a disk that must be in use before its trend counts",
  ),
  diskFreePercent: percent(5).describe(
    "Share of a disk below which what is free is critical, whatever the trend",
  ),
  hostNetworkErrorPercent: decimalNumber(0.01, 100)
    .default(1)
    .describe("Share of packets with errors above which `HostNetworkErrors` is raised"),
  containerMemoryPercent: percent(90).describe(
    "Share of its memory limit that a container must use for `ContainerMemoryNearLimit`",
  ),
  containerThrottledPercent: percent(50).describe(
    "Share of scheduler periods in which a container must be held back for `ContainerThrottled`",
  ),
  containerCpuPercent: percent(80).describe(
    "Share of its CPU limit that it must use on average as well",
  ),
  containerRestarts: wholeNumber(1, 1000)
    .default(3)
    .describe("Restarts within ten minutes above which `ContainerRestartLoop` is raised"),
  probeSlowSeconds: decimalNumber(0.01, 600)
    .default(2)
    .describe("Seconds above which a probe's answer is slow (`ProbeSlow`)"),
  certificateDays: wholeNumber(1, 365)
    .default(14)
    .describe("Days ahead that a certificate's expiry (`ProbeCertificateExpires`) is a warning"),
  certificateSoonDays: wholeNumber(1, 365).default(3).describe("Days ahead that it is critical"),
  healthChecksPercent: percent(50).describe(
    "Share of all health checks that must fail for `EngineHealthChecksFailing`",
  ),
  storagePercent: percent(90).describe(
    "Share of its size limit that Prometheus' storage must fill for `PrometheusStorageAlmostFull`",
  ),
});

/** What Prometheus alerts on beside, or instead of, what it does anyway. */
export const alertSettings = z.strictObject({
  forSeconds: wholeNumber(0, 86_400)
    .optional()
    .describe(
      "Seconds that a fault must last before Glasshouse's own alerts are raised, all but those about events " +
        "(a restart, a kill). Default: each alert's own, four scrapes and at least 60 as a rule; see docs/alerts.md",
    ),
  disabled: z
    .array(z.enum(ownAlerts))
    .default([])
    .describe("Alerts of Glasshouse's own that are not raised"),
  thresholds: thresholds.prefault({}).describe("From where on Glasshouse's own alerts are raised"),
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
