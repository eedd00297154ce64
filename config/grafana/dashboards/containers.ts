import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { dockerApi } from "../../servers/dockerApi";
import { killsWithinTenMinutes } from "../../servers/dockerApiRules";
import type { Settings } from "../../settings/settings";
import { prometheusDatasource } from "../datasource";
import { frameDashboard } from "../frameDashboard";
import type { DashboardRow } from "../layOutRows";
import { graphPanel } from "../panels/graphPanel";
import { statesPanel } from "../panels/statesPanel";
import { tablePanel, type TableColumn } from "../panels/tablePanel";
import type { ValueTexts } from "../panels/valueTexts";

const picked = '{name=~"$container"}';

const runningTexts: ValueTexts = {
  "0": { text: "not running", color: "gray" },
  "1": { text: "running", color: "green" },
};
const healthTexts: ValueTexts = {
  "0": { text: "unhealthy", color: "red" },
  "1": { text: "healthy", color: "green" },
  "2": { text: "starting", color: "blue" },
};

/** Every container of the host: by cAdvisor what it uses, by the proxy of the Docker API how it is. */
export function buildContainersDashboard(settings: Settings): Dashboard {
  const hasUsage = settings.exporters.cadvisor.deploy;
  const hasStates = dockerApi.read(settings) !== undefined;
  return frameDashboard(settings, {
    uid: "glasshouse-containers",
    title: "Containers",
    description: "All containers of the host, not only those of this stack.",
    variables: [
      new QueryVariableBuilder("container")
        .label("Container")
        .datasource(prometheusDatasource)
        .query({
          query: `label_values(${hasUsage ? "container:memory_working_set:bytes" : "glasshouse_container_running"}, name)`,
          refId: "containers",
        })
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue(".*")
        .current({ selected: true, text: "All", value: "$__all" }),
    ],
    rows: [
      { title: "All containers", panels: [containersTable(hasUsage, hasStates)] },
      ...(hasUsage ? usageRows() : []),
      ...(hasStates ? stateRows() : []),
    ],
  });
}

function containersTable(hasUsage: boolean, hasStates: boolean): Panel {
  const states: TableColumn[] = [
    {
      title: "State",
      query: "max by (name) (glasshouse_container_running)",
      texts: runningTexts,
    },
    { title: "Health", query: "max by (name) (glasshouse_container_health)", texts: healthTexts },
    { title: "Restarts", query: "max by (name) (glasshouse_container_restarts_total)" },
    {
      title: "Running for",
      query:
        "max by (name) (time() - glasshouse_container_start_time_seconds and on (node, name) glasshouse_container_running == 1)",
      unit: "dtdurations",
    },
  ];
  const usage: TableColumn[] = [
    {
      title: "CPU",
      query: "max by (name) (container:cpu_usage:rate)",
      unit: "percentunit",
      decimals: 1,
    },
    { title: "Memory", query: "max by (name) (container:memory_working_set:bytes)", unit: "bytes" },
    {
      title: "Of its limit",
      query: "max by (name) (container:memory_limit:ratio)",
      unit: "percentunit",
      decimals: 0,
    },
    { title: "Received", query: "max by (name) (container:network_receive:rate)", unit: "binBps" },
    { title: "Sent", query: "max by (name) (container:network_transmit:rate)", unit: "binBps" },
  ];
  return tablePanel({
    title: "Containers",
    description: "A line for each container, as it is now. 100 % CPU is one core.",
    columns: [
      { title: "Container", label: "name" },
      ...(hasStates ? states : []),
      ...(hasUsage ? usage : []),
    ],
    sortBy: hasUsage ? "CPU" : "Restarts",
    height: 14,
  });
}

function usageRows(): DashboardRow[] {
  const byName = (record: string) => [
    { query: `container:${record}${picked}`, legend: "{{name}}" },
  ];
  const graph = (title: string, description: string, unit: string, record: string) =>
    graphPanel({ title, description, unit, queries: byName(record) });
  return [
    {
      title: "CPU",
      panels: [
        graph("CPU in use", "100 % is one core.", "percentunit", "cpu_usage:rate"),
        graph(
          "CPU of its limit",
          "Containers without a limit have no line.",
          "percentunit",
          "cpu_limit:ratio",
        ),
        graph(
          "Held back by its limit",
          "Share of the scheduler's periods in which a container had to wait although it had work to do.",
          "percentunit",
          "throttled:ratio",
        ),
      ],
    },
    {
      title: "Memory",
      panels: [
        graph(
          "Memory in use",
          "Without caches that can be dropped.",
          "bytes",
          "memory_working_set:bytes",
        ),
        graph(
          "Memory of its limit",
          "Containers without a limit have no line. At 100 % the kernel kills.",
          "percentunit",
          "memory_limit:ratio",
        ),
      ],
    },
    {
      title: "Network and disks",
      panels: [
        graph("Received", "From all networks of a container.", "binBps", "network_receive:rate"),
        graph("Sent", "To all networks of a container.", "binBps", "network_transmit:rate"),
        graph("Read from disks", "Past the kernel's caches.", "binBps", "disk_read:rate"),
        graph(
          "Written to disks",
          "With version 1 of control groups, direct writes only: nobody is told of others.",
          "binBps",
          "disk_write:rate",
        ),
      ],
    },
  ];
}

function stateRows(): DashboardRow[] {
  const state = (metric: string) => `max by (name) (glasshouse_container_${metric}${picked})`;
  return [
    {
      title: "States",
      panels: [
        statesPanel({
          title: "Running",
          description: "Grey while a container does not run, or is paused.",
          query: { query: state("running"), legend: "{{name}}" },
          texts: runningTexts,
        }),
        statesPanel({
          title: "Health",
          description: "Containers without a health check have no line.",
          query: { query: state("health"), legend: "{{name}}" },
          texts: healthTexts,
        }),
      ],
    },
    {
      title: "Restarts and kills",
      panels: [
        graphPanel({
          title: "Restarts",
          description:
            "How often the engine restarted a container within ten minutes, by its restart policy.",
          unit: "short",
          queries: [
            {
              query: `max by (name) (increase(glasshouse_container_restarts_total${picked}[10m]))`,
              legend: "{{name}}",
            },
          ],
        }),
        graphPanel({
          title: "Killed for want of memory",
          description: "How many processes of a container the kernel killed within ten minutes.",
          unit: "short",
          queries: [
            {
              query: `max by (name) (${killsWithinTenMinutes((metric) => `glasshouse_container_${metric}${picked}`)})`,
              legend: "{{name}}",
            },
          ],
        }),
      ],
    },
  ];
}
