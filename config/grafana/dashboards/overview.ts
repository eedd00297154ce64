import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { countTargets, listNodeJobs } from "../../prometheus/countTargets";
import { activeNodes } from "../../prometheus/nodeJobs";
import { selectSeries } from "../../prometheus/selectSeries";
import { probesJobName } from "../../servers/blackboxExporter";
import { dockerApi, isSwarmWatched } from "../../servers/dockerApi";
import type { Settings } from "../../settings/settings";
import { frameDashboard } from "../frameDashboard";
import type { DashboardRow } from "../layOutRows";
import { barsPanel } from "../panels/barsPanel";
import { graphPanel } from "../panels/graphPanel";
import { numberPanel } from "../panels/numberPanel";
import { shareGauge } from "../panels/shareGauge";
import { statesPanel } from "../panels/statesPanel";
import { tablePanel, type TableColumn } from "../panels/tablePanel";
import { usageGauge } from "../panels/usageGauge";
import { allTrafficPanels } from "../traffic";
import { diskUsagePanel, hostCpuPanel, hostMemoryPanel, hostNetworkPanel } from "./host";
import { nodeResourcePanels } from "./swarm";

/** Part of the dashboard's address; where Grafana's log-in and the dashboards page begin. */
const overviewUid = "glasshouse-overview";

/** Everything at a glance. */
export function buildOverviewDashboard(settings: Settings): Dashboard {
  return frameDashboard(settings, {
    uid: overviewUid,
    title: "Overview",
    description: "Whether all is well with this host, its containers and its apps.",
    rows: [
      { title: "Now", panels: nowPanels(settings) },
      { title: "Alerts", panels: [alertsTable(settings)] },
      ...(settings.probes.length > 0 ? [{ title: "Probes", panels: probePanels() }] : []),
      ...appRows(settings),
      ...(settings.exporters.cadvisor.deploy
        ? [{ title: "Busiest containers", panels: busiestPanels() }]
        : []),
      ...(settings.exporters.node.deploy
        ? [
            {
              title: "Host",
              panels: isSwarmWatched(settings)
                ? nodeResourcePanels()
                : [hostCpuPanel(), hostMemoryPanel(), diskUsagePanel(), hostNetworkPanel()],
            },
          ]
        : []),
    ],
  });
}

function nowPanels(settings: Settings): Panel[] {
  return [
    declaredTargetsPanel(settings),
    numberPanel({
      title: "Firing alerts",
      description: "Alerts that fire now; docs/alerts.md tells what to do about each.",
      unit: "none",
      query: {
        query: 'count(ALERTS{alertstate="firing",severity!="none"}) or vector(0)',
        legend: "alerts",
      },
      thresholds: [
        { value: null, color: "green" },
        { value: 1, color: "red" },
      ],
    }),
    ...(dockerApi.read(settings) === undefined
      ? []
      : [
          numberPanel({
            title: "Containers running",
            description: "Of all containers of the host, not only those of this stack.",
            unit: "none",
            query: { query: "sum(glasshouse_container_running)", legend: "running" },
            thresholds: [{ value: null, color: "green" }],
          }),
        ]),
    ...(settings.exporters.node.deploy ? usageGauges() : []),
  ];
}

function declaredTargetsPanel(settings: Settings): Panel {
  // Not those that were discovered: how many there should be is not known.
  const targets = countTargets(settings);
  const onNodes = listNodeJobs(settings);
  const up = `sum(${selectUp(Object.keys(targets))}) or vector(0)`;
  const declared = Object.entries(targets)
    .filter(([job]) => !onNodes.includes(job))
    .reduce((sum, [, count]) => sum + count, 0);
  if (onNodes.length === 0) {
    return shareGauge({
      title: "Targets up",
      description: `Targets that answered the last scrape, of ${declared} declared in the stack file.`,
      query: { query: up, legend: "up" },
      declared,
    });
  }
  // Without the proxy that tells of nodes, Prometheus keeps the targets that it knows.
  const wanted = `(${onNodes.length} * count(${activeNodes}) or count(${selectUp(onNodes)}))`;
  return shareGauge({
    title: "Targets up",
    description:
      `Targets that answered the last scrape, as a share of all: ${declared} declared in the stack file, and ` +
      `${onNodes.length} on each node of the Swarm.`,
    query: { query: `(${up}) / (${declared} + ${wanted})`, legend: "up" },
    declared: 1,
    unit: "percentunit",
  });
}

function selectUp(jobs: readonly string[]): string {
  return `up{job=~"${[...jobs].sort().join("|")}"}`;
}

function usageGauges(): Panel[] {
  return [
    usageGauge({
      title: "CPU in use",
      description: "Of all processors of the host together.",
      query: { query: "max(instance:cpu_usage:ratio)", legend: "in use" },
    }),
    usageGauge({
      title: "Memory in use",
      description: "Of the host's memory, without caches that can be dropped.",
      query: { query: "max(instance:memory_usage:ratio)", legend: "in use" },
    }),
    usageGauge({
      title: "Fullest disk",
      description: "Of the host's disks, the one with the least room.",
      query: { query: "max(instance:filesystem_usage:ratio)", legend: "in use" },
    }),
  ];
}

function alertsTable(settings: Settings): Panel {
  const more: TableColumn[] = [
    ...(settings.probes.length > 0 ? [{ title: "Probe", label: "probe" }] : []),
    ...(isSwarmWatched(settings)
      ? [
          { title: "Node", label: "node" },
          { title: "Service", label: "service" },
        ]
      : []),
  ];
  const labels = [
    "alertname, severity, app, name, exporter, device",
    ...more.map(({ label }) => label),
  ];
  return tablePanel({
    title: "Firing alerts by name",
    description: "What is wrong, and with what; docs/alerts.md tells what to do.",
    query: `max by (${labels.join(", ")}) (ALERTS{alertstate="firing",severity!="none"})`,
    columns: [
      { title: "Alert", label: "alertname" },
      {
        title: "Severity",
        label: "severity",
        texts: {
          critical: { text: "critical", color: "red" },
          warning: { text: "warning", color: "orange" },
          info: { text: "info", color: "blue" },
        },
      },
      { title: "App", label: "app" },
      { title: "Container", label: "name" },
      { title: "Exporter", label: "exporter" },
      { title: "Device", label: "device" },
      ...more,
    ],
    nothing: "No alert fires",
    height: 6,
  });
}

function probePanels(): Panel[] {
  const probe = (metric: string) => selectSeries(`probe_${metric}`, probesJobName);
  const now = (metric: string) => `max by (probe) (${probe(metric)})`;
  const states = {
    "0": { text: "failing", color: "red" },
    "1": { text: "well", color: "green" },
  };
  return [
    tablePanel({
      title: "Probes now",
      description: "The URLs of the stack file's `probes`, as the last question found them.",
      columns: [
        { title: "Probe", label: "probe" },
        { title: "State", query: now("success"), texts: states },
        { title: "Status", query: now("http_status_code"), unit: "none" },
        { title: "Took", query: now("duration_seconds"), unit: "s", decimals: 2 },
        {
          title: "Certificate expires in",
          query: `min by (probe) (${probe("ssl_earliest_cert_expiry")}) - time()`,
          unit: "s",
          decimals: 0,
        },
      ],
      height: 8,
    }),
    statesPanel({
      title: "Probes over time",
      description: "Red while a URL does not answer as it should.",
      query: { query: `min by (probe) (${probe("success")})`, legend: "{{probe}}" },
      texts: states,
    }),
    graphPanel({
      title: "Duration of probes",
      description: "From the look-up of the name to the end of the answer.",
      unit: "s",
      queries: [{ query: `avg by (probe) (${probe("duration_seconds")})`, legend: "{{probe}}" }],
    }),
  ];
}

function appRows(settings: Settings): DashboardRow[] {
  const panels = allTrafficPanels(settings);
  return panels.length === 0 ? [] : [{ title: "Apps", panels }];
}

function busiestPanels(): Panel[] {
  return [
    barsPanel({
      title: "CPU by container",
      description: "The ten that use most; 100 % is one core.",
      unit: "percentunit",
      query: { query: "topk(10, container:cpu_usage:rate)", legend: "{{name}}" },
    }),
    barsPanel({
      title: "Memory by container",
      description: "The ten that hold most, without caches that can be dropped.",
      unit: "bytes",
      query: { query: "topk(10, container:memory_working_set:bytes)", legend: "{{name}}" },
    }),
  ];
}
