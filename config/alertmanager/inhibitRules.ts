import type { OwnAlert } from "../settings/alertSettings";
import { cadvisor } from "../servers/cadvisor";
import { nodeExporter, nodeJobName } from "../servers/nodeExporter";

/** @see https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule */
export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}

/**
 * Alerts that are not sent while another one fires, because that one says more or is the cause. Nothing critical is held back by
 * a warning.
 *
 * @param prefix starts the names of the stack's containers
 */
export function buildInhibitRules(prefix: string): InhibitRule[] {
  const lesser = 'severity=~"warning|info"';
  return [
    // What is about to fill up is known once it is nearly full.
    {
      source_matchers: ['severity="critical"'],
      target_matchers: [lesser],
      equal: ["alertname", "app", "name", "device", "mountpoint"],
    },
    {
      source_matchers: ['severity="critical"', 'app!=""'],
      target_matchers: [lesser, 'app!=""'],
      equal: ["app"],
    },
    {
      source_matchers: [
        named("ContainerDown", "ContainerRestartLoop", "ContainerUnhealthy"),
        'app!=""',
      ],
      target_matchers: [named("TargetsMissing")],
      equal: ["app"],
    },
    ...[
      { exporter: nodeJobName, container: nodeExporter.name },
      { exporter: cadvisor.name, container: cadvisor.name },
    ].map(({ exporter, container }) => ({
      source_matchers: [
        named("ContainerDown", "ContainerRestartLoop", "ContainerUnhealthy"),
        `name="${prefix}-${container}"`,
      ],
      target_matchers: [named("ExporterDown"), `exporter="${exporter}"`],
    })),
    // Where nothing is stored, every target looks as if it were gone.
    {
      source_matchers: [named("PrometheusNotIngesting")],
      target_matchers: [
        named("TargetsMissing", "ExporterDown", "DiscoveredTargetDown", "EngineMetricsDown"),
      ],
    },
    {
      source_matchers: [named("HostCpuSaturated", "HostMemoryLow")],
      target_matchers: [
        lesser,
        named(
          "ContainerThrottled",
          "ContainerHealthFlapping",
          "ContainerMemoryNearLimit",
          "EngineHealthChecksFailing",
        ),
      ],
    },
  ];
}

function named(...alerts: readonly OwnAlert[]): string {
  return alerts.length === 1 ? `alertname="${alerts[0]}"` : `alertname=~"${alerts.join("|")}"`;
}
