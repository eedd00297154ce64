import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { ownAlerts } from "../../config/settings/alertSettings";
import { listDashboards } from "../../config/grafana/listDashboards";
import { listQueries } from "../../config/grafana/listQueries";
import { buildRules, renderRules } from "../../config/prometheus/rules";
import type { RuleGroup } from "../../config/prometheus/ruleFile";
import { settingsSchema } from "../../config/settings/settings";
import { readTestImages } from "../support/testNetwork";

type Input = Parameters<typeof settingsSchema.parse>[0] & object;

/** Values by series, in promtool's notation; null takes a series away. */
type Series = Readonly<Record<string, string | null>>;

/** What fires at a time: alerts with their severity, all others are silent. */
type Firing = readonly [at: string, ...alerts: `${string}/${string}`[]];

interface Case {
  readonly name: string;
  /** What differs from a host on which all is well. */
  readonly series: Series;
  readonly firing: readonly Firing[];
}

const everything = {
  apps: [{ name: "shop", image: "shop", replicas: 3 }],
  scrapeJobs: [{ name: "nas", targets: ["nas:9100", "nas:9101"] }],
  probes: [{ name: "home", url: "https://shop.example", intervalSeconds: 10 }],
  alertmanager: {
    receivers: [{ name: "team", webhook: { url: { config: "hook" } } }],
    heartbeat: { url: { config: "heartbeat" } },
  },
} satisfies Input;
/** Nothing but Prometheus and the engine, whose counters are all that is known of containers. */
const engineOnly = {
  apps: [],
  exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
  discovery: { enabled: false },
} satisfies Input;

/** A Swarm of three managers, and nothing else. */
const swarmOnly = {
  apps: [],
  engineMetrics: { mode: "off" },
  swarm: { mode: "use" },
} satisfies Input;

/** Samples after the first, one each ten seconds: longer than any case. */
const length = 600;
const steady = (value: number) => `${value}x${length}`;
const growing = (step: number) => `0+${step}x${length}`;
/** Ten minutes of one value, then another: the fault is there from 10m10s on. */
const turns = (before: number, after: number) => `${before}x60 ${after}x${length}`;
/** A counter that grows from one time on: nothing before 10m10s. */
const starts = (step: number) => `0x60 ${step}+${step}x${length}`;

const disk = 'device="/dev/vda",fstype="ext4"';
const btrfs = 'device="/dev/vdb",fstype="btrfs",mountpoint="/data"';
const memoryDisk = 'device="tmpfs",fstype="tmpfs",mountpoint="/mnt"';

const wellHost: Series = {
  ...jobSeries("node", {
    'node_cpu_seconds_total{cpu="0",mode="idle"}': growing(8),
    'node_cpu_seconds_total{cpu="0",mode="user"}': growing(2),
    'node_cpu_seconds_total{cpu="1",mode="idle"}': growing(6),
    'node_cpu_seconds_total{cpu="1",mode="user"}': growing(4),
    "node_memory_MemAvailable_bytes{}": steady(600),
    "node_memory_MemTotal_bytes{}": steady(1000),
    "node_vmstat_oom_kill{}": steady(7),
    [`node_filesystem_avail_bytes{${disk},mountpoint="/"}`]: steady(800),
    [`node_filesystem_size_bytes{${disk},mountpoint="/"}`]: steady(1000),
    [`node_filesystem_files{${disk},mountpoint="/"}`]: steady(500),
    [`node_filesystem_files_free{${disk},mountpoint="/"}`]: steady(400),
    [`node_filesystem_readonly{${disk},mountpoint="/"}`]: steady(0),
    // The same disk once more.
    [`node_filesystem_avail_bytes{${disk},mountpoint="/var/lib/docker"}`]: steady(800),
    [`node_filesystem_size_bytes{${disk},mountpoint="/var/lib/docker"}`]: steady(1000),
    // Has no fixed number of inodes.
    [`node_filesystem_avail_bytes{${btrfs}}`]: steady(900),
    [`node_filesystem_size_bytes{${btrfs}}`]: steady(1000),
    [`node_filesystem_files{${btrfs}}`]: steady(0),
    [`node_filesystem_files_free{${btrfs}}`]: steady(0),
    // Read-only on purpose.
    [`node_filesystem_readonly{${btrfs}}`]: steady(1),
    // In memory, and full.
    [`node_filesystem_avail_bytes{${memoryDisk}}`]: steady(0),
    [`node_filesystem_size_bytes{${memoryDisk}}`]: steady(1000),
    'node_disk_io_time_seconds_total{device="vda"}': growing(1),
    'node_network_receive_bytes_total{device="eth0"}': growing(3000),
    'node_network_transmit_bytes_total{device="eth0"}': growing(2000),
    'node_network_receive_packets_total{device="eth0"}': growing(300),
    'node_network_transmit_packets_total{device="eth0"}': growing(100),
    'node_network_receive_errs_total{device="eth0"}': growing(1),
    'node_network_transmit_errs_total{device="eth0"}': growing(0),
    "node_timex_sync_status{}": steady(1),
  }),
};

const wellContainers: Series = {
  ...jobSeries("cadvisor", {
    'container_cpu_usage_seconds_total{name="web",cpu="total"}': growing(2),
    'container_spec_cpu_quota{name="web"}': steady(50_000),
    'container_spec_cpu_period{name="web"}': steady(100_000),
    'container_memory_working_set_bytes{name="web"}': steady(50),
    'container_spec_memory_limit_bytes{name="web"}': steady(100),
    'container_network_receive_bytes_total{name="web",interface="eth0"}': growing(100),
    'container_network_receive_bytes_total{name="web",interface="eth1"}': growing(50),
    'container_network_transmit_bytes_total{name="web",interface="eth0"}': growing(200),
    'container_fs_reads_bytes_total{name="web",device="/dev/vda"}': growing(10),
    'container_fs_writes_bytes_total{name="web",device="/dev/vda"}': growing(20),
    'container_cpu_cfs_periods_total{name="web"}': growing(100),
    'container_cpu_cfs_throttled_periods_total{name="web"}': growing(10),
    // Without limits.
    'container_memory_working_set_bytes{name="free"}': steady(1e9),
    'container_spec_memory_limit_bytes{name="free"}': steady(0),
  }),
  ...jobSeries("containers", {
    'glasshouse_container_info{name="web",restart="always",owner="glasshouse-prod",stack="prod",app="shop",id="1"}':
      steady(1),
    'glasshouse_container_running{name="web"}': steady(1),
    'glasshouse_container_start_time_seconds{name="web"}': steady(1),
    'glasshouse_container_health{name="web"}': steady(1),
    'glasshouse_container_restarts_total{name="web"}': steady(0),
    'glasshouse_container_oom_kills_total{name="web"}': steady(0),
    // Has done its work.
    'glasshouse_container_info{name="job",restart="no",id="2"}': steady(1),
    'glasshouse_container_running{name="job"}': steady(0),
    'glasshouse_container_exit_code{name="job"}': steady(0),
    'glasshouse_container_restarts_total{name="job"}': steady(0),
  }),
};

const wellEngine: Series = {
  ...jobSeries("docker", {
    "up{}": steady(1),
    "engine_daemon_health_checks_total{}": growing(5),
    "engine_daemon_health_checks_failed_total{}": growing(0),
  }),
  ...jobSeries("prometheus", {
    "prometheus_config_last_reload_successful{}": steady(1),
    'prometheus_rule_evaluation_failures_total{rule_group="host"}': steady(0),
    'prometheus_tsdb_head_samples_appended_total{type="float"}': growing(100),
    'prometheus_tsdb_head_samples_appended_total{type="histogram"}': steady(0),
    ...Object.fromEntries(
      [
        "compactions_failed",
        "reloads_failures",
        "head_truncations_failed",
        "checkpoint_creations_failed",
        "wal_corruptions",
        "wal_truncations_failed",
        "wal_writes_failed",
      ].map((what) => [`prometheus_tsdb_${what}_total{}`, steady(0)]),
    ),
    "prometheus_tsdb_storage_blocks_bytes{}": steady(100),
    "prometheus_tsdb_wal_storage_size_bytes{}": steady(10),
    "prometheus_tsdb_head_chunks_storage_size_bytes{}": steady(5),
    "prometheus_tsdb_retention_limit_bytes{}": steady(0),
  }),
};

const wellTargets: Series = {
  'up{job="shop",instance="1"}': steady(1),
  'up{job="shop",instance="2"}': steady(1),
  'up{job="shop",instance="3"}': steady(1),
  'up{job="node"}': steady(1),
  'up{job="cadvisor"}': steady(1),
  'up{job="containers"}': steady(1),
  'up{job="cart",container="compose-cart-1"}': steady(1),
  'up{job="nas",instance="nas:9100"}': steady(1),
  'up{job="nas",instance="nas:9101"}': steady(1),
  'up{job="alertmanager"}': steady(1),
};

const home = 'probe="home",instance="https://shop.example"';
const days = (count: number) => steady(count * 86_400);
/** Time starts at 0 in these tests. */
const wellProbes: Series = jobSeries("probes", {
  [`up{${home}}`]: steady(1),
  [`probe_success{${home}}`]: steady(1),
  [`probe_duration_seconds{${home}}`]: steady(0.2),
  [`probe_ssl_earliest_cert_expiry{${home}}`]: days(60),
});

const notSent = 'integration="webhook",receiver_name="team",reason="other"';
const wellAlertmanager: Series = jobSeries("alertmanager", {
  "alertmanager_config_last_reload_successful{}": steady(1),
  [`alertmanager_notifications_failed_total{${notSent}}`]: steady(0),
});

const ofService = 'service="web",stack="prod"';
const swarmNodes = ["a", "b", "c"].map((node) => `node="${node}"`);
/** One of three exporters on each node. */
const upOnNode = (job: string, node: string) => `up{job="${job}",${node}}`;
const wellSwarm: Series = {
  ...Object.fromEntries(
    swarmNodes.flatMap((node) =>
      ["node", "cadvisor", "containers"].map((job) => [upOnNode(job, node), steady(1)]),
    ),
  ),
  ...jobSeries("swarm", {
    "up{}": steady(1),
    "glasshouse_swarm_up{}": steady(1),
    ...Object.fromEntries(
      swarmNodes.flatMap((node) => [
        [`glasshouse_swarm_node_ready{${node}}`, steady(1)],
        [`glasshouse_swarm_node_info{${node},availability="active"}`, steady(1)],
        // None is drained.
        [`glasshouse_swarm_node_info{${node},availability="drain"}`, null],
        [`glasshouse_swarm_manager_reachable{${node}}`, steady(1)],
      ]),
    ),
    [`glasshouse_swarm_service_tasks_desired{${ofService}}`]: steady(3),
    [`glasshouse_swarm_service_tasks_running{${ofService}}`]: steady(3),
    [`glasshouse_swarm_service_failures_total{${ofService}}`]: steady(2),
  }),
};

const well: Series = {
  ...wellProbes,
  ...wellTargets,
  ...wellHost,
  ...wellContainers,
  ...wellEngine,
  ...wellAlertmanager,
};

const [root, free] = [`${disk},mountpoint="/",job="node"`, "node_filesystem_files_free"];
const avail = `node_filesystem_avail_bytes{${root}}`;
/** From a value downwards, so much an hour. */
const falling = (from: number, perHour: number) => `${from}-${perHour / 360}x${length}`;

const web = (metric: string) => `glasshouse_container_${metric}{name="web",job="containers"}`;
const cgroup = (metric: string) => `container_${metric}{name="web",job="cadvisor"}`;
/** Series of a container that has every fault that rules know of. It is removed after an hour. */
const faulty = (owner: string): Series => {
  const jobs = (metrics: Record<string, string>, prefix: string, job: string) =>
    Object.entries(metrics).map(([metric, values]) => [
      `${prefix}_${metric}name="theirs",job="${job}"}`,
      `${values.replace(`x${length}`, "x360")} stale`,
    ]);
  return Object.fromEntries([
    ...jobs(
      {
        [`info{restart="always",${owner}app="shop",`]: steady(1),
        "running{": steady(0),
        "start_time_seconds{": steady(1),
        "health{": "1x300 0x2 1x5 0x2 1x5 0x40",
        "restarts_total{": growing(0.1),
        "oom_kills_total{": growing(0.1),
      },
      "glasshouse_container",
      "containers",
    ),
    ...jobs(
      {
        'cpu_usage_seconds_total{cpu="total",': growing(5),
        "spec_cpu_quota{": steady(50_000),
        "spec_cpu_period{": steady(100_000),
        "memory_working_set_bytes{": steady(99),
        "spec_memory_limit_bytes{": steady(100),
        "cpu_cfs_periods_total{": growing(100),
        "cpu_cfs_throttled_periods_total{": growing(99),
      },
      "container",
      "cadvisor",
    ),
  ]) as Series;
};
const probe = (metric: string) => `probe_${metric}{${home},job="probes"}`;
const own = (metric: string, labels = "") => `prometheus_${metric}{${labels}job="prometheus"}`;

/** A scrape that finds nothing, three times, at half past. */
const gap = (before: string, after: string) => `${before}x180 stale _x2 ${after}x${length}`;
const replacedEverything: Series = Object.fromEntries(
  Object.entries(well)
    .filter(([series]) => !series.includes('job="prometheus"') && !series.includes('job="docker"'))
    .map(([series, values]) => {
      if (series.startsWith("up{")) return [series, `1x180 0x2 1x${length}`];
      if (series.startsWith('glasshouse_container_running{name="web')) {
        return [series, `1x179 0 stale _x2 0 1x${length}`];
      }
      if (series.startsWith("glasshouse_container_health")) {
        return [series, `1x180 stale _x2 2x3 1x${length}`];
      }
      if (values?.startsWith("0+") && series.includes("container_")) {
        const step = /^0\+([\d.]+)x/.exec(values)?.[1] ?? "0";
        return [series, gap(`0+${step}`, `0+${step}`)];
      }
      return [series, values];
    }),
);

const cases: readonly Case[] = [
  {
    name: "Alertmanager refuses its configuration",
    series: { 'alertmanager_config_last_reload_successful{job="alertmanager"}': turns(1, 0) },
    firing: [["11m"], ["11m20s", "AlertmanagerConfigReloadFailed/warning"]],
  },
  {
    name: "messages do not arrive",
    series: {
      [`alertmanager_notifications_failed_total{${notSent},job="alertmanager"}`]: turns(0, 1),
    },
    firing: [["10m"], ["10m30s", "AlertmanagerMessagesFailing/warning"], ["30m"]],
  },
  {
    name: "all is well",
    series: {},
    firing: [["5m"], ["30m"], ["90m"]],
  },
  {
    name: "everything is redeployed",
    series: replacedEverything,
    firing: [["30m20s"], ["31m"], ["32m"], ["40m"], ["50m"]],
  },
  {
    name: "a target is missing",
    series: { 'up{job="shop",instance="3"}': turns(1, 0) },
    firing: [["11m20s"], ["11m50s", "TargetsMissing/critical"]],
  },
  {
    name: "an app has no target at all",
    series: Object.fromEntries(
      ["1", "2", "3"].map((instance) => [`up{job="shop",instance="${instance}"}`, null]),
    ),
    firing: [["1m10s"], ["1m30s", "TargetsMissing/critical"]],
  },
  {
    name: "a discovered target is down",
    series: { 'up{job="cart",container="compose-cart-1"}': turns(1, 0) },
    firing: [["11m"], ["11m20s", "DiscoveredTargetDown/warning"]],
  },
  {
    name: "a discovered target is removed",
    series: { 'up{job="cart",container="compose-cart-1"}': "1x60 0x2 stale" },
    firing: [["11m20s"], ["20m"]],
  },
  {
    name: "a target of a scrape job is down",
    series: { 'up{job="nas",instance="nas:9101"}': turns(1, 0) },
    firing: [["11m"], ["11m20s", "ExternalTargetDown/warning"]],
  },
  {
    name: "a scrape job finds no targets",
    series: {
      'up{job="nas",instance="nas:9100"}': null,
      'up{job="nas",instance="nas:9101"}': null,
    },
    firing: [["50s"], ["1m10s", "ExternalTargetDown/warning"]],
  },
  {
    name: "an exporter is down",
    series: { 'up{job="node"}': turns(1, 0) },
    firing: [["11m20s"], ["11m50s", "ExporterDown/warning"]],
  },
  {
    name: "an exporter is gone, and its series with it",
    series: { 'up{job="containers"}': null, ...withoutJob("containers") },
    firing: [["1m10s"], ["1m30s", "ExporterDown/warning"]],
  },
  {
    name: "the engine's metrics are unavailable",
    series: { 'up{job="docker"}': turns(1, 0) },
    firing: [["11m"], ["11m20s", "EngineMetricsDown/warning"]],
  },
  {
    name: "Prometheus refuses its configuration",
    series: { [own("config_last_reload_successful")]: turns(1, 0) },
    firing: [["11m"], ["11m20s", "PrometheusConfigReloadFailed/warning"]],
  },
  {
    name: "rules fail",
    series: { [own("rule_evaluation_failures_total", 'rule_group="host",')]: starts(1) },
    firing: [["15m"], ["16m", "PrometheusRuleFailures/warning"]],
  },
  {
    name: "a rule fails once",
    series: { [own("rule_evaluation_failures_total", 'rule_group="host",')]: turns(0, 1) },
    firing: [["12m"], ["16m"]],
  },
  {
    name: "Prometheus stores nothing any more",
    series: {
      [own("tsdb_head_samples_appended_total", 'type="float",')]: `0+100x60 6000x${length}`,
    },
    firing: [["19m"], ["21m", "PrometheusNotIngesting/critical"]],
  },
  {
    name: "Prometheus stores again",
    series: {
      [own("tsdb_head_samples_appended_total", 'type="float",')]:
        `0+100x60 6000x90 6100+100x${length}`,
    },
    firing: [
      ["21m", "PrometheusNotIngesting/critical"],
      ["29m", "PrometheusNotIngesting/critical"],
      ["31m"],
    ],
  },
  {
    name: "Prometheus does not even store what it says of itself",
    series: { [own("tsdb_head_samples_appended_total", 'type="float",')]: null },
    firing: [["4m"], ["6m", "PrometheusNotIngesting/critical"]],
  },
  {
    name: "Prometheus cannot write to its log",
    series: { [own("tsdb_wal_writes_failed_total")]: turns(0, 1) },
    firing: [["10m"], ["11m", "PrometheusStorageFailing/critical"], ["1h20m"]],
  },
  {
    name: "Prometheus' storage is close to its size limit",
    series: { [own("tsdb_retention_limit_bytes")]: steady(120) },
    firing: [["59m"], ["1h1m", "PrometheusStorageAlmostFull/info"]],
  },
  {
    name: "Prometheus' storage has room up to its size limit",
    series: { [own("tsdb_retention_limit_bytes")]: steady(200) },
    firing: [["50m"]],
  },
  {
    name: "the processors are busy",
    series: Object.fromEntries(
      ["0", "1"].map((cpu) => [
        `node_cpu_seconds_total{cpu="${cpu}",mode="idle",job="node"}`,
        `0+8x60 480.1+0.1x${length}`,
      ]),
    ),
    firing: [["39m"], ["42m", "HostCpuSaturated/warning"]],
  },
  {
    name: "the processors are idle again",
    series: Object.fromEntries(
      ["0", "1"].map((cpu) => [
        `node_cpu_seconds_total{cpu="${cpu}",mode="idle",job="node"}`,
        `0+8x60 480.1+0.1x210 510+8x${length}`,
      ]),
    ),
    firing: [["42m", "HostCpuSaturated/warning"], ["1h", "HostCpuSaturated/warning"], ["1h3m"]],
  },
  {
    name: "one of two processors is busy",
    series: {
      'node_cpu_seconds_total{cpu="0",mode="idle",job="node"}': steady(0),
    },
    firing: [["50m"]],
  },
  {
    name: "processors wait for disks",
    series: {
      'node_cpu_seconds_total{cpu="0",mode="idle",job="node"}': steady(0),
      'node_cpu_seconds_total{cpu="1",mode="idle",job="node"}': steady(0),
      'node_cpu_seconds_total{cpu="0",mode="iowait",job="node"}': growing(10),
      'node_cpu_seconds_total{cpu="1",mode="iowait",job="node"}': growing(10),
    },
    firing: [["50m"]],
  },
  {
    name: "the host's memory is nearly out",
    series: { 'node_memory_MemAvailable_bytes{job="node"}': turns(600, 50) },
    firing: [["20m"], ["20m20s", "HostMemoryLow/warning"]],
  },
  {
    name: "the host has memory again",
    series: { 'node_memory_MemAvailable_bytes{job="node"}': `600x60 50x90 600x${length}` },
    firing: [["24m", "HostMemoryLow/warning"], ["39m", "HostMemoryLow/warning"], ["41m"]],
  },
  {
    name: "a process outside of containers is killed for want of memory",
    series: { 'node_vmstat_oom_kill{job="node"}': turns(7, 8) },
    firing: [["11m"], ["11m20s", "HostOomKill/warning"], ["22m"]],
  },
  {
    name: "a disk is full within a day",
    series: { [avail]: falling(390, 20) },
    firing: [["80m"], ["95m", "HostDiskFillsUp/warning"]],
  },
  {
    name: "a disk is full within hours",
    series: { [avail]: falling(390, 150) },
    firing: [
      ["39m"],
      ["45m", "HostDiskFillsUp/critical"],
      ["95m", "HostDiskFillsUp/critical", "HostDiskFillsUp/warning"],
    ],
  },
  {
    name: "a disk fills fast for some minutes, such as those of a first deployment",
    series: { [avail]: `390-2x60 270x${length}` },
    firing: [["9m"], ["12m"], ["25m"], ["45m"], ["95m"]],
  },
  {
    name: "a disk is next to full, and does not change",
    series: { [avail]: steady(30) },
    firing: [["9m"], ["11m", "HostDiskFillsUp/critical"], ["50m", "HostDiskFillsUp/critical"]],
  },
  {
    name: "a disk is well used, and does not change",
    series: { [avail]: steady(150) },
    firing: [["90m"]],
  },
  {
    name: "a disk fills fast while most of it is free",
    series: { [avail]: `900-1x60 840x${length}` },
    firing: [["9m"], ["12m"], ["50m"]],
  },
  {
    name: "inodes run out within a day",
    series: { [`${free}{${root}}`]: falling(190, 10) },
    firing: [["80m"], ["95m", "HostInodesRunOut/warning"]],
  },
  {
    name: "inodes are next to none",
    series: { [`${free}{${root}}`]: steady(10) },
    firing: [["9m"], ["11m", "HostInodesRunOut/critical"]],
  },
  {
    name: "a file system becomes read-only",
    series: { [`node_filesystem_readonly{${root}}`]: turns(0, 1) },
    firing: [["11m"], ["11m20s", "HostFileSystemReadOnly/critical"]],
  },
  {
    name: "packets have errors",
    series: { 'node_network_receive_errs_total{device="eth0",job="node"}': starts(20) },
    firing: [["20m"], ["21m20s", "HostNetworkErrors/warning"]],
  },
  {
    name: "the clock is no longer synchronised",
    series: { 'node_timex_sync_status{job="node"}': turns(1, 0) },
    firing: [["40m"], ["40m20s", "HostClockNotSynchronised/warning"]],
  },
  {
    name: "the clock never was synchronised",
    series: { 'node_timex_sync_status{job="node"}': steady(0) },
    firing: [["50m"]],
  },
  {
    name: "a container is stopped",
    series: { [web("running")]: turns(1, 0) },
    firing: [["11m"], ["11m20s", "ContainerDown/critical"], ["50m", "ContainerDown/critical"]],
  },
  {
    name: "a container is repaired, and its app's targets are seen a moment later",
    series: {
      [web("running")]: "1x60 0x30 1x600",
      'up{job="shop",instance="1"}': "1x60 0x33 1x600",
    },
    firing: [
      ["12m", "ContainerDown/critical", "TargetsMissing/critical"],
      ["15m30s", "ContainerDown/critical", "TargetsMissing/critical"],
      // What is held back ends while its cause still fires.
      ["16m", "ContainerDown/critical"],
      ["17m"],
    ],
  },
  {
    name: "a container of nobody's has every fault",
    series: faulty(""),
    firing: [
      [
        "59m",
        "ContainerHealthFlapping/warning",
        "ContainerMemoryNearLimit/warning",
        "ContainerOomKilled/warning",
        "ContainerRestartLoop/critical",
        "ContainerThrottled/warning",
        "ContainerUnhealthy/critical",
      ],
    ],
  },
  {
    name: "a container of another stack has every fault, and an app's name that is known here",
    series: faulty('owner="glasshouse-dev",stack="dev",'),
    firing: [["5m"], ["59m"], ["61m"], ["65m"], ["80m"]],
  },
  {
    name: "a container waits to be started for the first time",
    series: { [web("running")]: steady(0), [web("start_time_seconds")]: null },
    firing: [["2m"], ["9m"], ["11m", "ContainerDown/critical"]],
  },
  {
    name: "a container is restarted again and again",
    series: {
      [web("running")]: turns(1, 0),
      [web("restarts_total")]: `0x60 1 2 3 4 5 6 6+0.1666666x${length}`,
    },
    firing: [
      ["10m"],
      ["12m", "ContainerRestartLoop/critical"],
      ["1h", "ContainerRestartLoop/critical"],
    ],
  },
  {
    name: "a container is restarted once",
    series: { [web("restarts_total")]: turns(0, 1) },
    firing: [["11m"], ["15m"]],
  },
  {
    name: "a container is unhealthy",
    series: { [web("health")]: turns(1, 0) },
    firing: [["11m"], ["11m20s", "ContainerUnhealthy/critical"]],
  },
  {
    name: "a container is healthy again",
    series: { [web("health")]: "1x60 0x30 1x600" },
    firing: [
      ["15m", "ContainerUnhealthy/critical"],
      ["15m50s", "ContainerUnhealthy/critical"],
      ["17m"],
    ],
  },
  {
    name: "a container's health flaps",
    series: { [web("health")]: `1x60 0x2 1x5 0x2 1x${length}` },
    firing: [["11m"], ["13m", "ContainerHealthFlapping/warning"], ["30m"]],
  },
  {
    name: "a container was unhealthy once",
    series: { [web("health")]: `1x60 0x3 1x${length}` },
    firing: [["11m"], ["12m"], ["15m"]],
  },
  {
    name: "a process of a container is killed for want of memory",
    series: {
      [web("oom_kills_total")]: turns(0, 1),
      'node_vmstat_oom_kill{job="node"}': turns(7, 8),
    },
    firing: [["10m"], ["10m30s", "ContainerOomKilled/warning"], ["25m"]],
  },
  {
    name: "a process is killed before its container was seen",
    series: {
      [web("oom_kills_total")]: `_x61 1x${length}`,
      [web("start_time_seconds")]: `_x61 600x${length}`,
    },
    firing: [["10m"], ["10m30s", "ContainerOomKilled/warning"], ["25m"]],
  },
  {
    name: "a container of which a process was killed long ago is replaced",
    series: {
      [web("oom_kills_total")]: `1x180 stale _x2 1x${length}`,
      [web("start_time_seconds")]: `1x180 stale _x2 1830x${length}`,
    },
    firing: [["29m"], ["31m"], ["35m"]],
  },
  {
    name: "a container's memory is near its limit",
    series: { [cgroup("memory_working_set_bytes")]: turns(50, 95) },
    firing: [["20m"], ["20m20s", "ContainerMemoryNearLimit/warning"]],
  },
  {
    name: "a container is held back all the time",
    series: {
      [cgroup("cpu_cfs_throttled_periods_total")]: starts(80),
      'container_cpu_usage_seconds_total{name="web",cpu="total",job="cadvisor"}': growing(4.9),
    },
    firing: [["40m"], ["42m", "ContainerThrottled/warning"]],
  },
  {
    name: "a probe fails",
    series: { [probe("success")]: turns(1, 0) },
    firing: [["11m"], ["11m20s", "ProbeFailing/critical"]],
  },
  {
    name: "a probe fails once",
    series: { [probe("success")]: `1x60 0x2 1x${length}` },
    firing: [["11m"], ["12m"]],
  },
  {
    name: "a probe's answers are slow",
    series: { [probe("duration_seconds")]: turns(0.2, 3) },
    firing: [["25m"], ["28m", "ProbeSlow/warning"]],
  },
  {
    name: "a probe's answer is slow once",
    series: { [probe("duration_seconds")]: `0.2x60 4x3 0.2x${length}` },
    firing: [["12m"], ["25m"]],
  },
  {
    name: "a certificate expires within two weeks",
    series: { [probe("ssl_earliest_cert_expiry")]: days(10) },
    firing: [["9m"], ["11m", "ProbeCertificateExpires/warning"]],
  },
  {
    name: "a certificate expires within days",
    series: { [probe("ssl_earliest_cert_expiry")]: days(2) },
    firing: [
      ["9m"],
      ["11m", "ProbeCertificateExpires/critical", "ProbeCertificateExpires/warning"],
    ],
  },
  {
    name: "a container is held back in bursts",
    series: { [cgroup("cpu_cfs_throttled_periods_total")]: growing(80) },
    firing: [["50m"]],
  },
];

const ofSwarm = (metric: string, labels = "") => `glasshouse_swarm_${metric}{${labels}job="swarm"}`;
const swarmCases: readonly Case[] = [
  { name: "a Swarm is well", series: {}, firing: [["5m"], ["30m"]] },
  {
    name: "a manager of three goes down, and comes back",
    series: {
      [ofSwarm("node_ready", 'node="c",')]: `1x60 0x60 1x${length}`,
      [ofSwarm("manager_reachable", 'node="c",')]: `1x60 0x60 1x${length}`,
    },
    firing: [["10m"], ["12m", "SwarmNodeDown/warning", "SwarmQuorumAtRisk/critical"], ["25m"]],
  },
  {
    name: "a manager that is a node like all others is down for half a minute",
    series: { [ofSwarm("node_ready", 'node="c",')]: `1x60 0x3 1x${length}` },
    firing: [["10m30s"], ["12m"], ["15m"]],
  },
  {
    name: "an exporter of one node does not answer",
    series: { [upOnNode("cadvisor", 'node="b"')]: turns(1, 0) },
    firing: [["11m20s"], ["11m50s", "ExporterDown/warning"]],
  },
  {
    name: "a node is drained: nothing runs there",
    series: {
      [ofSwarm("node_info", 'node="b",availability="active",')]: "1x60 stale",
      [ofSwarm("node_info", 'node="b",availability="drain",')]: `_x60 1x${length}`,
      ...Object.fromEntries(
        ["node", "cadvisor", "containers"].map((job) => [upOnNode(job, 'node="b"'), "1x60 stale"]),
      ),
    },
    firing: [["10m"], ["12m"], ["30m"]],
  },
  {
    name: "the managers have no leader: nothing else is known",
    series: {
      [ofSwarm("up")]: turns(1, 0),
      ...Object.fromEntries(
        Object.keys(wellSwarm)
          .filter((series) => /_(node|manager|service)_/.test(series))
          .map((series) => [series, null]),
      ),
    },
    firing: [["10m"], ["12m", "SwarmQuorumLost/critical"]],
  },
  {
    name: "a replica finds no node",
    series: { [ofSwarm("service_tasks_running", `${ofService},`)]: turns(3, 2) },
    firing: [["12m"], ["16m", "SwarmServiceIncomplete/warning"]],
  },
  {
    name: "replicas fail again and again",
    series: { [ofSwarm("service_failures_total", `${ofService},`)]: `2x60 3 4 5 6 7x${length}` },
    firing: [["10m"], ["11m", "SwarmTasksFailing/critical"], ["25m"]],
  },
  {
    name: "a replica fails once, and the proxy is restarted",
    series: { [ofSwarm("service_failures_total", `${ofService},`)]: `2x60 3x30 0x${length}` },
    firing: [["11m"], ["20m"]],
  },
];

const engineCases: readonly Case[] = [
  {
    name: "most health checks fail",
    series: { 'engine_daemon_health_checks_failed_total{job="docker"}': growing(4) },
    firing: [["10m"], ["11m", "EngineHealthChecksFailing/warning"]],
  },
  {
    name: "a few health checks fail",
    series: { 'engine_daemon_health_checks_failed_total{job="docker"}': growing(1) },
    firing: [["1h"]],
  },
];

/** What recording rules make of a host on which all is well. */
const recorded: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "instance:cpu_usage:ratio": { "{}": 0.3 },
  "instance:memory_usage:ratio": { "{}": 0.4 },
  "instance:filesystem_avail:bytes": {
    '{device="/dev/vda"}': 800,
    '{device="/dev/vdb"}': 900,
  },
  "instance:filesystem_usage:ratio": { '{device="/dev/vda"}': 0.2, '{device="/dev/vdb"}': 0.1 },
  "instance:filesystem_inodes_free:count": {
    '{device="/dev/vda"}': 400,
    '{device="/dev/vdb"}': 0,
  },
  "instance:filesystem_inodes_usage:ratio": { '{device="/dev/vda"}': 0.2 },
  "instance:disk_io:ratio": { '{device="vda"}': 0.1 },
  "instance:network_receive:rate": { '{device="eth0"}': 300 },
  "instance:network_transmit:rate": { '{device="eth0"}': 200 },
  "instance:network_errors:ratio": { '{device="eth0"}': 0.0025 },
  "container:cpu_usage:rate": { '{name="web"}': 0.2 },
  "container:cpu_limit:ratio": { '{name="web"}': 0.4 },
  "container:memory_working_set:bytes": { '{name="free"}': 1e9, '{name="web"}': 50 },
  "container:memory_limit:ratio": { '{name="web"}': 0.5 },
  "container:network_receive:rate": { '{name="web"}': 15 },
  "container:network_transmit:rate": { '{name="web"}': 20 },
  "container:disk_read:rate": { '{name="web"}': 1 },
  "container:disk_write:rate": { '{name="web"}': 2 },
  "container:throttled:ratio": { '{name="web"}': 0.1 },
  "container:unhealthy:bool": { '{name="web"}': 0 },
  "prometheus:storage:bytes": { '{job="prometheus"}': 115 },
};

describe("the rules, by promtool", () => {
  const groups = groupsOf(everything);

  it("have a case for every alert and every recording rule", () => {
    const fired = [...cases, ...engineCases, ...swarmCases].flatMap(({ firing }) =>
      firing.flatMap(([, ...alerts]) => alerts.map((alert) => alert.split("/")[0])),
    );
    const faults = ownAlerts.filter((alert) => alert !== "Watchdog");
    expect([...new Set(fired)].sort()).toStrictEqual([...faults].sort());
    const records = groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])),
    );
    expect(records.sort()).toStrictEqual(Object.keys(recorded).sort());
  });

  it("fire when they should, alone, and are silent otherwise", () => {
    runPromtool(
      everything,
      cases.map((each) => buildTest(each, well)),
    );
  });

  it("name the container, its app and its stack, and link to what to do", () => {
    runPromtool(everything, [
      {
        ...buildTest(
          { name: "a container is stopped", series: {}, firing: [] },
          {
            ...well,
            [web("running")]: steady(0),
          },
        ),
        alert_rule_test: [
          {
            eval_time: "5m",
            alertname: "ContainerDown",
            exp_alerts: [
              {
                exp_labels: {
                  severity: "critical",
                  name: "web",
                  app: "shop",
                  stack: "prod",
                  job: "containers",
                },
                exp_annotations: {
                  summary: "web is not running",
                  description:
                    "Its restart policy says that it should run. Someone stopped or paused it, or it cannot start.",
                  runbook_url: "docs/alerts.md#containerdown",
                },
              },
            ],
          },
        ],
      },
    ]);
  });

  it("have a watchdog that fires as long as samples are stored", () => {
    const fires = (at: string, isFiring: boolean) => ({
      expr: 'count(ALERTS{alertname="Watchdog",alertstate="firing"})',
      eval_time: at,
      exp_samples: isFiring ? [{ labels: "{}", value: 1 }] : [],
    });
    const ends = `0+100x60 6000x${length}`;
    const stored = 'prometheus_tsdb_head_samples_appended_total{type="float",job="prometheus"}';
    const test = buildTest({ name: "it stops", series: { [stored]: ends }, firing: [] }, well);
    runPromtool(everything, [
      { ...test, promql_expr_test: [fires("1m", true), fires("10m", true), fires("20m", false)] },
    ]);
  });

  it("know of failing health checks by the engine alone, where nothing else tells", () => {
    runPromtool(
      engineOnly,
      engineCases.map((each) => buildTest(each, wellEngine)),
    );
  });

  it("know of a Swarm by its managers", () => {
    const base = { ...wellHost, ...wellContainers, ...wellEngine, ...wellSwarm };
    runPromtool(
      swarmOnly,
      swarmCases.map((each) => buildTest(each, base)),
    );
  });

  it("record what dashboards draw", () => {
    const test = buildTest({ name: "all is well", series: {}, firing: [] }, well);
    const expressions = Object.entries(recorded).map(([record, series]) => ({
      // Sums of shares are not exact.
      expr: `round(${record}, 0.0001)`,
      eval_time: "10m",
      exp_samples: Object.entries(series).map(([labels, value]) => ({ labels, value })),
    }));
    runPromtool(everything, [{ ...test, promql_expr_test: expressions }]);
  });

  it("are seen to fail where they do not fire", () => {
    const wrong: Case = { name: "wrong", series: {}, firing: [["5m", "ContainerDown/critical"]] };
    expect(() => runPromtool(everything, [buildTest(wrong, well)])).toThrow(/ContainerDown/);
  });
});

describe("what dashboards ask about requests, by promtool", () => {
  const apps = [
    ...["shop", "till", "mute", "away"].map((name) => ({ name, image: name })),
    {
      name: "cart",
      image: "cart",
      traffic: {
        requests: "orders_seconds_count",
        errors: 'paid="no"',
        latency: "orders_seconds",
      },
    },
    { name: "gallery", image: "gallery", dashboard: "image-gallery" as const },
  ];
  const series: Series = {
    'http_requests_total{job="shop",code="200"}': growing(60),
    'http_requests_total{job="shop",code="500"}': growing(6),
    // The same requests once more.
    'http_request_duration_seconds_count{job="shop",status_code="200"}': growing(66),
    'http_server_requests_seconds_count{job="till",status="200"}': growing(10),
    'http_requests_total{job="mute"}': growing(20),
    'orders_seconds_count{job="cart",paid="yes"}': growing(10),
    'orders_seconds_bucket{job="cart",le="0.1"}': growing(9),
    'orders_seconds_bucket{job="cart",le="0.5"}': growing(10),
    'orders_seconds_bucket{job="cart",le="+Inf"}': growing(10),
    'up{job="gallery"}': turns(1, 0),
  };

  it.each<[string, string, Readonly<Record<string, number>>]>([
    // Of two counters, one.
    ["Requests", "{{job}}", { shop: 6.6, till: 1, mute: 2 }],
    // None of an app that tells no status, and none of one that is not there.
    ["Errors", "{{job}}", { shop: 0.6, till: 0 }],
    ["Requests", "cart", { "": 1 }],
    ["Errors", "cart", { "": 0 }],
    ["Response time (95 %)", "cart", { "": 0.3 }],
    ["Errors", "gallery", {}],
  ])("%s of %s", (panel, legend, values) => {
    expectValues("Apps", panel, legend, [["5m", values]]);
  });

  it("draws zero only while an app is there", () => {
    expectValues("Image Gallery (gallery)", "Responses with code 200", "200", [
      ["5m", { "": 0 }],
      ["15m", {}],
    ]);
  });

  function expectValues(
    row: string,
    panel: string,
    legend: string,
    expected: readonly (readonly [at: string, values: Readonly<Record<string, number>>])[],
  ): void {
    const found = listDashboards(settingsSchema.parse({ apps }), "glasshouse-dev")
      .flatMap(({ json }) => listQueries(JSON.parse(json) as Dashboard))
      .find((each) => each.row === row && each.panel === panel && each.legend === legend);
    expect(found).toBeDefined();
    runPromtool(everything, [
      {
        interval: "10s",
        input_series: Object.entries(series).map(([each, samples]) => ({
          series: each,
          values: samples,
        })),
        promql_expr_test: expected.map(([at, values]) => ({
          expr: `round(${found?.query}, 0.0001)`,
          eval_time: at,
          exp_samples: Object.entries(values).map(([job, value]) => ({
            labels: job === "" ? "{}" : `{job="${job}"}`,
            value,
          })),
        })),
      },
    ]);
  }
});

/** The series of one job: each gets its label. */
function jobSeries(job: string, series: Series): Series {
  return Object.fromEntries(
    Object.entries(series).map(([name, values]) => [
      name.replace(/\}$/, `${name.endsWith("{}") ? "" : ","}job="${job}"}`),
      values,
    ]),
  );
}

function withoutJob(job: string): Series {
  return Object.fromEntries(
    Object.keys(wellContainers)
      .filter((series) => series.includes(`job="${job}"`))
      .map((series) => [series, null]),
  );
}

function groupsOf(input: Input): readonly RuleGroup[] {
  return buildRules(settingsSchema.parse(input), "glasshouse-prod").groups;
}

function buildTest({ name, series, firing }: Case, base: Series): object {
  const unknown = Object.keys(series).filter((each) => !(each in base));
  // A misspelt series would change nothing.
  expect(unknown.filter((each) => !/iowait|name="theirs"/.test(each))).toStrictEqual([]);
  return {
    name,
    interval: "10s",
    input_series: Object.entries({ ...base, ...series }).flatMap(([each, values]) =>
      values === null ? [] : [{ series: each, values }],
    ),
    promql_expr_test: firing.map(([at, ...alerts]) => ({
      expr: 'count by (alertname, severity) (ALERTS{alertstate="firing",severity!="none"})',
      eval_time: at,
      exp_samples: alerts.map((alert) => {
        const [alertname, severity] = alert.split("/");
        return { labels: `{alertname="${alertname}",severity="${severity}"}`, value: 1 };
      }),
    })),
  };
}

/** @throws Error with promtool's report where a test fails */
function runPromtool(input: Input, tests: readonly object[]): void {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-rules-"));
  try {
    chmodSync(folder, 0o755);
    writeFileSync(
      join(folder, "rules.yml"),
      renderRules(buildRules(settingsSchema.parse(input), "glasshouse-prod")),
    );
    const file = { rule_files: ["rules.yml"], evaluation_interval: "10s", tests };
    writeFileSync(join(folder, "rules.test.json"), JSON.stringify(file));
    execFileSync(
      "docker",
      [
        ...["run", "--rm", "--network", "none", "--volume", `${folder}:/rules:ro`],
        ...["--entrypoint", "promtool", readTestImages().prometheus],
        ...["test", "rules", "/rules/rules.test.json"],
      ],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${stdout}\n${stderr}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
