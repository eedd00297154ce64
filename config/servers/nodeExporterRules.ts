import { buildOwnAlert } from "../prometheus/ownAlert";
import { rateWindow } from "../prometheus/rateWindow";
import type { RecordingRule, RuleGroup, AlertRule } from "../prometheus/ruleFile";
import { selectSeries, type Matcher } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";
import { containersJobName, dockerApi } from "./dockerApi";
import { killsWithinTenMinutes } from "./dockerApiRules";

const minute = 60;
const hour = 3600;

/** As long as the alerts that an overload holds back look back: `ContainerHealthFlapping`, `EngineHealthChecksFailing`. */
const overloadLingers = 15 * minute;

/** How long a trend must have been watched before it counts. */
const trendCounts = 30 * minute;

/** Not disks: in memory, read-only by design, or a view of another one. */
const notADisk: Matcher =
  'fstype!~"tmpfs|ramfs|devtmpfs|squashfs|erofs|iso9660|udf|cramfs|overlay"';

/**
 * Rules about the host: what dashboards draw, and what is wrong with it. In a Swarm, `node` is the name of each host; one host alone has
 * no such label.
 */
export function buildHostRules(jobName: string, settings: Settings): RuleGroup {
  return {
    name: "host",
    rules: [
      ...recordings(jobName, rateWindow(settings.prometheus.scrapeIntervalSeconds)),
      ...loadAlerts(jobName, settings),
      ...diskAlerts(settings),
      ...systemAlerts(jobName, settings),
    ],
  };
}

function recordings(jobName: string, window: string): RecordingRule[] {
  const series = (metric: string, ...matchers: Matcher[]) =>
    selectSeries(metric, jobName, ...matchers);
  const rate = (metric: string, ...matchers: Matcher[]) =>
    `rate(${series(metric, ...matchers)}[${window}])`;
  /** A disk that is mounted in several places counts once. */
  const byDisk = (metric: string) =>
    `min by (node, instance, device) (${series(metric, notADisk)})`;
  const network = (what: string) =>
    `${rate(`node_network_receive_${what}_total`)} + ${rate(`node_network_transmit_${what}_total`)}`;
  return [
    {
      record: "instance:cpu_usage:ratio",
      expr: `1 - avg by (node, instance) (sum by (node, instance, cpu) (${rate("node_cpu_seconds_total", 'mode=~"idle|iowait"')}))`,
    },
    {
      record: "instance:memory_usage:ratio",
      expr: `1 - sum by (node, instance) (${series("node_memory_MemAvailable_bytes")}) / sum by (node, instance) (${series("node_memory_MemTotal_bytes")})`,
    },
    { record: "instance:filesystem_avail:bytes", expr: byDisk("node_filesystem_avail_bytes") },
    {
      record: "instance:filesystem_usage:ratio",
      expr: `1 - instance:filesystem_avail:bytes / ${byDisk("node_filesystem_size_bytes")}`,
    },
    { record: "instance:filesystem_inodes_free:count", expr: byDisk("node_filesystem_files_free") },
    {
      record: "instance:filesystem_inodes_usage:ratio",
      // Some file systems have no fixed number of inodes and say 0.
      expr: `1 - instance:filesystem_inodes_free:count / (${byDisk("node_filesystem_files")} > 0)`,
    },
    { record: "instance:disk_io:ratio", expr: rateByDevice("node_disk_io_time_seconds_total") },
    {
      record: "instance:network_receive:rate",
      expr: rateByDevice("node_network_receive_bytes_total"),
    },
    {
      record: "instance:network_transmit:rate",
      expr: rateByDevice("node_network_transmit_bytes_total"),
    },
    {
      record: "instance:network_errors:ratio",
      expr: `sum by (node, instance, device) (${network("errs")}) / (sum by (node, instance, device) (${network("packets")}) > 0)`,
    },
  ];

  function rateByDevice(metric: string): string {
    return `sum by (node, instance, device) (${rate(metric)})`;
  }
}

function loadAlerts(jobName: string, settings: Settings): AlertRule[] {
  const { hostCpuPercent, hostMemoryPercent } = settings.prometheus.alerts.thresholds;
  return [
    buildOwnAlert(settings, {
      alert: "HostCpuSaturated",
      expr: `instance:cpu_usage:ratio > ${hostCpuPercent / 100}`,
      severity: "warning",
      lasts: 30 * minute,
      lingers: overloadLingers,
      summary: "The host's processors are {{ $value | humanizePercentage }} busy",
      description:
        "Everything on the host runs slower. The dashboard Containers tells who uses it.",
      threshold: `more than ${hostCpuPercent} %`,
    }),
    buildOwnAlert(settings, {
      alert: "HostMemoryLow",
      expr: `instance:memory_usage:ratio > ${hostMemoryPercent / 100}`,
      severity: "warning",
      lasts: 10 * minute,
      lingers: overloadLingers,
      summary: "{{ $value | humanizePercentage }} of the host's memory is in use",
      description: "The kernel starts to kill processes when none is left.",
      threshold: `more than ${hostMemoryPercent} %`,
    }),
    buildOwnAlert(settings, {
      alert: "HostOomKill",
      expr: `increase(${selectSeries("node_vmstat_oom_kill", jobName)}[10m]) > 0${unlessOfContainers(settings)}`,
      severity: "warning",
      summary: "The kernel killed a process for want of memory",
      description:
        "No container is known to have lost one: it ran outside of containers, or the engine tells nobody. `dmesg` has its name.",
    }),
  ];
}

/** Kills in containers have an alert that names the container. */
function unlessOfContainers(settings: Settings): string {
  if (dockerApi.read(settings) === undefined) return "";
  const kills = killsWithinTenMinutes((metric) =>
    selectSeries(`glasshouse_container_${metric}`, containersJobName),
  );
  return ` unless on () (sum(${kills}) > 0)`;
}

function diskAlerts(settings: Settings): AlertRule[] {
  return [
    ...buildRunOut(settings, {
      alert: "HostDiskFillsUp",
      free: "instance:filesystem_avail:bytes",
      usage: "instance:filesystem_usage:ratio",
      what: "space",
    }),
    ...buildRunOut(settings, {
      alert: "HostInodesRunOut",
      free: "instance:filesystem_inodes_free:count",
      usage: "instance:filesystem_inodes_usage:ratio",
      what: "inodes",
    }),
  ];
}

interface RunOut {
  readonly alert: "HostDiskFillsUp" | "HostInodesRunOut";
  readonly free: string;
  readonly usage: string;
  readonly what: string;
}

/** A warning a day ahead; critical hours ahead, and where next to nothing is left. */
function buildRunOut(settings: Settings, { alert, free, usage, what }: RunOut): AlertRule[] {
  const { scrapeIntervalSeconds, alerts } = settings.prometheus;
  const { diskFullHours, diskFullSoonHours, diskUsedPercent, diskFreePercent } = alerts.thresholds;
  const samples = Math.floor(trendCounts / scrapeIntervalSeconds);
  // It has to go on: what the builds of a first `npm run up` write in minutes would fill any disk within hours.
  const predicted = (range: string, recent: string, hours: number) =>
    [
      `${usage} > ${diskUsedPercent / 100}`,
      `count_over_time(${free}[${range}]) >= ${samples}`,
      ...[range, recent].map((each) => `predict_linear(${free}[${each}], ${hours * hour}) <= 0`),
    ].join(" and ");
  const description = `{{ $value | humanizePercentage }} of its ${what} is in use. Nothing can be written when none is left.`;
  return [
    buildOwnAlert(settings, {
      alert,
      expr: predicted("6h", "1h", diskFullHours),
      severity: "warning",
      lasts: hour,
      summary: `{{ $labels.device }} will have no ${what} left within ${diskFullHours} hours`,
      threshold: `full within ${diskFullHours} hours`,
      description,
    }),
    buildOwnAlert(settings, {
      alert,
      expr: `(${predicted("1h", "15m", diskFullSoonHours)}) or ${usage} > ${(100 - diskFreePercent) / 100}`,
      severity: "critical",
      lasts: 10 * minute,
      summary: `{{ $labels.device }} has next to no ${what} left, or will have none within ${diskFullSoonHours} hours`,
      threshold: `less than ${diskFreePercent} % left, or full within ${diskFullSoonHours} hours`,
      description,
    }),
  ];
}

function systemAlerts(jobName: string, settings: Settings): AlertRule[] {
  const { hostNetworkErrorPercent } = settings.prometheus.alerts.thresholds;
  const readOnly = selectSeries("node_filesystem_readonly", jobName, notADisk);
  const synchronised = selectSeries("node_timex_sync_status", jobName);
  return [
    buildOwnAlert(settings, {
      alert: "HostFileSystemReadOnly",
      // Some are read-only on purpose.
      expr: `${readOnly} == 1 and min_over_time(${readOnly}[7d]) == 0`,
      severity: "critical",
      summary: "{{ $labels.mountpoint }} has become read-only",
      description:
        "The kernel does that to a damaged file system; its log (`dmesg`) has the reason.",
    }),
    buildOwnAlert(settings, {
      alert: "HostNetworkErrors",
      expr: `instance:network_errors:ratio > ${hostNetworkErrorPercent / 100}`,
      severity: "warning",
      lasts: 10 * minute,
      summary:
        "{{ $value | humanizePercentage }} of the packets of {{ $labels.device }} have errors",
      description: "A cable, a port or a driver.",
      threshold: `more than ${hostNetworkErrorPercent} %`,
    }),
    buildOwnAlert(settings, {
      alert: "HostClockNotSynchronised",
      // A virtual machine whose clock its own host keeps was never synchronised by itself.
      expr: `${synchronised} == 0 and max_over_time(${synchronised}[7d]) == 1`,
      severity: "warning",
      lasts: 30 * minute,
      summary: "The host's clock is no longer synchronised",
      description: "Certificates, log times and series go wrong when the clock drifts.",
    }),
  ];
}
