import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { rateWindow } from "../../prometheus/rateWindow";
import { selectSeries, type Matcher } from "../../prometheus/selectSeries";
import { nodeJobName } from "../../servers/nodeExporter";
import type { Settings } from "../../settings/settings";
import { prometheusDatasource } from "../datasource";
import { frameDashboard } from "../frameDashboard";
import { graphPanel } from "../panels/graphPanel";
import { numberPanel } from "../panels/numberPanel";
import { orGap } from "../scrapedJob";

/** Series of the host that is shown. */
interface HostSeries {
  /** What node-exporter measures. */
  readonly node: (metric: string, ...matchers: Matcher[]) => string;
  readonly rate: (metric: string, ...matchers: Matcher[]) => string;
  /** What rules record of it. */
  readonly recorded: (record: string) => string;
}

/** What node-exporter measures of the host; in a Swarm, of the node that is picked. */
export function buildHostDashboard(settings: Settings): Dashboard {
  const inSwarm = settings.swarm.mode !== "off";
  const window = rateWindow(settings.prometheus.scrapeIntervalSeconds);
  const picked: readonly Matcher[] = inSwarm ? ['node=~"$node"'] : [];
  const node: HostSeries["node"] = (metric, ...matchers) =>
    selectSeries(`node_${metric}`, nodeJobName, ...matchers, ...picked);
  const series: HostSeries = {
    node,
    rate: (metric, ...matchers) => `rate(${node(metric, ...matchers)}[${window}])`,
    recorded: (record) => (inSwarm ? `instance:${record}{${picked.join()}}` : ofHost(record)),
  };
  return frameDashboard(settings, {
    uid: "glasshouse-host",
    title: "Host",
    description: "Processors, memory, disks and network of the host itself.",
    variables: inSwarm ? [buildNodeVariable()] : [],
    rows: [
      { title: "Now", panels: nowPanels(series) },
      { title: "Processors", panels: processorPanels(series) },
      { title: "Memory", panels: memoryPanels(series) },
      { title: "Disks", panels: diskPanels(series) },
      { title: "Network", panels: networkPanels(series) },
      { title: "Temperatures", panels: [temperaturePanel(series)] },
    ],
  });
}

function buildNodeVariable(): QueryVariableBuilder {
  const query = `label_values(${selectSeries("node_uname_info", nodeJobName)}, node)`;
  return new QueryVariableBuilder("node")
    .label("Node")
    .datasource(prometheusDatasource)
    .query({ query, refId: "nodes" })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

/** What rules record of one host alone. */
const ofHost = (record: string) => `instance:${record}`;

export function hostCpuPanel(recorded: HostSeries["recorded"] = ofHost): Panel {
  return graphPanel({
    title: "CPU in use",
    description: "Of all processors together; waiting for disks does not count.",
    unit: "percentunit",
    queries: [{ query: recorded("cpu_usage:ratio"), legend: "in use" }],
  });
}

export function hostMemoryPanel(recorded: HostSeries["recorded"] = ofHost): Panel {
  return graphPanel({
    title: "Memory in use",
    description: "Of the host's memory, without caches that can be dropped.",
    unit: "percentunit",
    queries: [{ query: recorded("memory_usage:ratio"), legend: "in use" }],
  });
}

export function diskUsagePanel(recorded: HostSeries["recorded"] = ofHost): Panel {
  return graphPanel({
    title: "Disk space in use",
    description: "Of each disk, what others than root can no longer write.",
    unit: "percentunit",
    queries: [{ query: recorded("filesystem_usage:ratio"), legend: "{{device}}" }],
  });
}

export function hostNetworkPanel(recorded: HostSeries["recorded"] = ofHost): Panel {
  return graphPanel({
    title: "Network traffic",
    description: "Of the host's own interfaces, without those between containers.",
    unit: "binBps",
    queries: [
      { query: recorded("network_receive:rate"), legend: "{{device}} received" },
      { query: recorded("network_transmit:rate"), legend: "{{device}} sent" },
    ],
  });
}

function nowPanels({ node }: HostSeries): Panel[] {
  return [
    numberPanel({
      title: "Running for",
      description: "Since the host was started.",
      unit: "dtdurations",
      query: {
        query: `max(${node("time_seconds")} - ${node("boot_time_seconds")})`,
        legend: "since start",
      },
    }),
    numberPanel({
      title: "Processors",
      description: "Cores that the host's kernel sees.",
      unit: "none",
      query: { query: `count(${node("cpu_seconds_total", 'mode="idle"')})`, legend: "cores" },
    }),
    numberPanel({
      title: "Memory",
      description: "All of the host's memory.",
      unit: "bytes",
      query: { query: `max(${node("memory_MemTotal_bytes")})`, legend: "memory" },
    }),
    numberPanel({
      title: "Clock",
      description:
        "Whether the kernel knows its clock to be synchronised; in many virtual machines the host below does it.",
      unit: "none",
      query: { query: `max(${node("timex_sync_status")})`, legend: "clock" },
      texts: {
        "0": { text: "not synchronised", color: "yellow" },
        "1": { text: "synchronised", color: "green" },
      },
    }),
  ];
}

function processorPanels({ node, rate }: HostSeries): Panel[] {
  return [
    graphPanel({
      title: "CPU by mode",
      description:
        "What the processors do, of all of their time: `iowait` waits for disks, `steal` went to other machines.",
      unit: "percentunit",
      queries: [
        {
          query: `avg by (mode) (sum by (mode, cpu) (${rate("cpu_seconds_total", 'mode!="idle"')}))`,
          legend: "{{mode}}",
        },
      ],
    }),
    graphPanel({
      title: "Load by core",
      description: "Processes that run or wait, for each core; above 1 some wait.",
      unit: "short",
      queries: ["1", "5", "15"].map((minutes) => ({
        query: `max(${node(`load${minutes}`)}) / count(${node("cpu_seconds_total", 'mode="idle"')})`,
        legend: `${minutes} min`,
      })),
    }),
    graphPanel({
      title: "Pressure",
      description: "Share of time in which some process waited for a processor, a disk or memory.",
      unit: "percentunit",
      queries: ["cpu", "io", "memory"].map((what) => ({
        query: `max(${rate(`pressure_${what}_waiting_seconds_total`)})`,
        legend: what,
      })),
    }),
    graphPanel({
      title: "Processes",
      description: "That run or could run, and that wait for a disk.",
      unit: "short",
      queries: [
        { query: `sum(${node("procs_running")})`, legend: "running" },
        { query: `sum(${node("procs_blocked")})`, legend: "blocked" },
      ],
      colors: { running: "green", blocked: "orange" },
    }),
  ];
}

function memoryPanels({ node, rate }: HostSeries): Panel[] {
  const memory = (name: string) => node(`memory_${name}_bytes`);
  return [
    graphPanel({
      title: "Memory",
      description: "What is in use, and what the kernel could give away.",
      unit: "bytes",
      queries: [
        { query: `sum(${memory("MemTotal")} - ${memory("MemAvailable")})`, legend: "in use" },
        { query: `sum(${memory("MemAvailable")})`, legend: "available" },
      ],
    }),
    graphPanel({
      title: "Swap in use",
      description: "Memory that the kernel has moved to a disk; none where the host has no swap.",
      unit: "bytes",
      queries: [{ query: `sum(${memory("SwapTotal")} - ${memory("SwapFree")})`, legend: "in use" }],
    }),
    graphPanel({
      title: "Major page faults",
      description: "Pages that had to be read from a disk. Many of them mean that memory is short.",
      unit: "ops",
      queries: [{ query: `sum(${rate("vmstat_pgmajfault")})`, legend: "faults" }],
    }),
    graphPanel({
      title: "Processes killed for want of memory",
      description: "On the whole host, in containers and outside.",
      unit: "ops",
      queries: [{ query: `sum(${rate("vmstat_oom_kill")})`, legend: "killed" }],
      colors: { killed: "red" },
    }),
  ];
}

function diskPanels({ rate, recorded }: HostSeries): Panel[] {
  return [
    diskUsagePanel(recorded),
    graphPanel({
      title: "Inodes in use",
      description: "Of each disk; without free inodes no file can be made.",
      unit: "percentunit",
      queries: [{ query: recorded("filesystem_inodes_usage:ratio"), legend: "{{device}}" }],
    }),
    graphPanel({
      title: "Disk traffic",
      description: "What was read from each disk and written to it.",
      unit: "binBps",
      queries: [
        {
          query: `sum by (device) (${rate("disk_read_bytes_total")})`,
          legend: "{{device}} read",
        },
        {
          query: `sum by (device) (${rate("disk_written_bytes_total")})`,
          legend: "{{device}} written",
        },
      ],
    }),
    graphPanel({
      title: "Disk busy",
      description: "Share of time in which a disk had something to do.",
      unit: "percentunit",
      queries: [{ query: recorded("disk_io:ratio"), legend: "{{device}}" }],
    }),
  ];
}

function networkPanels({ node, rate, recorded }: HostSeries): Panel[] {
  return [
    hostNetworkPanel(recorded),
    graphPanel({
      title: "Packets with errors",
      description: "Share of the packets of each interface.",
      unit: "percentunit",
      queries: [{ query: recorded("network_errors:ratio"), legend: "{{device}}" }],
      colors: { ".*": "red" },
    }),
    graphPanel({
      title: "Packets dropped",
      description: "That the kernel or a driver threw away.",
      unit: "pps",
      queries: ["receive", "transmit"].map((way) => ({
        query: `sum(${rate(`network_${way}_drop_total`)})`,
        legend: way === "receive" ? "received" : "sent",
      })),
    }),
    graphPanel({
      title: "TCP connections",
      description: "Open connections of the host itself, not of its containers.",
      unit: "short",
      queries: [{ query: `sum(${node("netstat_Tcp_CurrEstab")})`, legend: "open" }],
    }),
  ];
}

function temperaturePanel({ node }: HostSeries): Panel {
  return graphPanel({
    title: "Temperatures",
    description:
      "Of every sensor that the kernel knows. Empty where there is none, as in virtual machines.",
    unit: "celsius",
    queries: [
      {
        query: orGap(`max by (chip, sensor) (${node("hwmon_temp_celsius")})`),
        legend: "{{chip}} {{sensor}}",
      },
    ],
  });
}
