import { buildOwnAlert } from "../prometheus/ownAlert";
import { rateWindow } from "../prometheus/rateWindow";
import type { RecordingRule, RuleGroup } from "../prometheus/ruleFile";
import { selectSeries, type Matcher } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";
import { containersJobName } from "./dockerApi";
import { withoutOtherStacks } from "./dockerApiRules";

/**
 * Rules about what containers use. Dashboards and alerts ask for these series, not for cAdvisor's, so that another exporter can take its
 * place.
 */
export function buildContainerUsageRules(
  jobName: string,
  settings: Settings,
  prefix: string,
): RuleGroup {
  const {
    scrapeIntervalSeconds,
    alerts: { thresholds },
  } = settings.prometheus;
  const { containerMemoryPercent, containerThrottledPercent, containerCpuPercent } = thresholds;
  const alerts = [
    buildOwnAlert(settings, {
      alert: "ContainerMemoryNearLimit",
      expr: `container:memory_limit:ratio > ${containerMemoryPercent / 100}`,
      severity: "warning",
      lasts: 600,
      summary: "{{ $labels.name }} uses {{ $value | humanizePercentage }} of its memory limit",
      description: "The kernel kills it when it asks for more than the limit.",
      threshold: `more than ${containerMemoryPercent} %`,
    }),
    buildOwnAlert(settings, {
      alert: "ContainerThrottled",
      // Short bursts are held back in any container; it is a fault where the limit is too small for what it does all the time.
      expr:
        `container:throttled:ratio > ${containerThrottledPercent / 100} ` +
        `and container:cpu_limit:ratio > ${containerCpuPercent / 100}`,
      severity: "warning",
      lasts: 1800,
      summary:
        "{{ $labels.name }} is held back by its CPU limit {{ $value | humanizePercentage }} of the time",
      description:
        "It answers more slowly than it could. Raise `cpus`, or find what keeps it busy.",
      threshold: `more than ${containerThrottledPercent} % of the time, and more than ${containerCpuPercent} % of its CPU limit`,
    }),
  ];
  return {
    name: "container-usage",
    rules: [
      ...recordings(jobName, rateWindow(scrapeIntervalSeconds)),
      ...alerts.map((alert) => withoutOtherStacks(alert, containersJobName, prefix)),
    ],
  };
}

function recordings(jobName: string, window: string): RecordingRule[] {
  const rate = (metric: string, ...matchers: Matcher[]) =>
    `sum by (node, name) (rate(${selectSeries(metric, jobName, 'name!=""', ...matchers)}[${window}]))`;
  const last = (metric: string) =>
    `max by (node, name) (${selectSeries(metric, jobName, 'name!=""')})`;
  const record = (name: string, expr: string) => ({ record: `container:${name}`, expr });
  return [
    record("cpu_usage:rate", rate("container_cpu_usage_seconds_total", 'cpu="total"')),
    record(
      "cpu_limit:ratio",
      `container:cpu_usage:rate / (${last("container_spec_cpu_quota")} / ${last("container_spec_cpu_period")} > 0)`,
    ),
    record("memory_working_set:bytes", last("container_memory_working_set_bytes")),
    // 0 stands for no limit.
    record(
      "memory_limit:ratio",
      `container:memory_working_set:bytes / (${last("container_spec_memory_limit_bytes")} > 0)`,
    ),
    record("network_receive:rate", rate("container_network_receive_bytes_total")),
    record("network_transmit:rate", rate("container_network_transmit_bytes_total")),
    record("disk_read:rate", rate("container_fs_reads_bytes_total")),
    record("disk_write:rate", rate("container_fs_writes_bytes_total")),
    record(
      "throttled:ratio",
      `${rate("container_cpu_cfs_throttled_periods_total")} / (${rate("container_cpu_cfs_periods_total")} > 0)`,
    ),
  ];
}
