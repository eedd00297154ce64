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

/** Selects the series of containers whose names a regular expression matches. */
export const byName = (names: string) => `{name=~${JSON.stringify(names)}}`;

/** Those that the variable picks. */
const pickedContainers = byName("$container");

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
  return frameDashboard(settings, {
    uid: "glasshouse-containers",
    title: "Containers",
    description: "All containers of the host, not only those of this stack.",
    variables: [containerVariable(settings, "Container")],
    rows: [
      { title: "All containers", panels: [containersTable(settings)] },
      ...containerRows(settings),
    ],
  });
}

/**
 * Picks containers by name, some or all.
 *
 * @param names a regular expression of those that are offered. Default: all containers of the host
 */
export function containerVariable(
  settings: Settings,
  label: string,
  names = ".*",
): QueryVariableBuilder {
  const metric = hasUsage(settings)
    ? "container:memory_working_set:bytes"
    : "glasshouse_container_running";
  const offered = names === ".*" ? "" : byName(names);
  return new QueryVariableBuilder("container")
    .label(label)
    .datasource(prometheusDatasource)
    .query({ query: `label_values(${metric}${offered}, name)`, refId: "containers" })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(names)
    .current({ selected: true, text: "All", value: "$__all" });
}

/** What the picked containers use and how they are, as far as it is measured. */
export function containerRows(settings: Settings): DashboardRow[] {
  return [...(hasUsage(settings) ? usageRows() : []), ...(hasStates(settings) ? stateRows() : [])];
}

function hasUsage({ exporters }: Settings): boolean {
  return exporters.cadvisor.deploy;
}

function hasStates(settings: Settings): boolean {
  return dockerApi.read(settings) !== undefined;
}

/** @param which selects the containers. Default: all of the host */
export function containersTable(settings: Settings, which = "", height = 14): Panel {
  const now = (metric: string) => `max by (name) (${metric}${which})`;
  const states: TableColumn[] = [
    { title: "State", query: now("glasshouse_container_running"), texts: runningTexts },
    { title: "Health", query: now("glasshouse_container_health"), texts: healthTexts },
    { title: "Restarts", query: now("glasshouse_container_restarts_total") },
    {
      title: "Running for",
      query:
        `max by (name) (time() - glasshouse_container_start_time_seconds${which} ` +
        "and on (node, name) glasshouse_container_running == 1)",
      unit: "dtdurations",
    },
  ];
  const usage: TableColumn[] = [
    { title: "CPU", query: now("container:cpu_usage:rate"), unit: "percentunit", decimals: 1 },
    { title: "Memory", query: now("container:memory_working_set:bytes"), unit: "bytes" },
    {
      title: "Of its limit",
      query: now("container:memory_limit:ratio"),
      unit: "percentunit",
      decimals: 0,
    },
    { title: "Received", query: now("container:network_receive:rate"), unit: "binBps" },
    { title: "Sent", query: now("container:network_transmit:rate"), unit: "binBps" },
  ];
  return tablePanel({
    title: "Containers",
    description: "A line for each container, as it is now. 100 % CPU is one core.",
    columns: [
      { title: "Container", label: "name" },
      ...(hasStates(settings) ? states : []),
      ...(hasUsage(settings) ? usage : []),
    ],
    sortBy: hasUsage(settings) ? "CPU" : "Restarts",
    height,
  });
}

function usageRows(): DashboardRow[] {
  const queriesOf = (record: string) => [
    { query: `container:${record}${pickedContainers}`, legend: "{{name}}" },
  ];
  const graph = (title: string, description: string, unit: string, record: string) =>
    graphPanel({ title, description, unit, queries: queriesOf(record) });
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
  const state = (metric: string) =>
    `max by (name) (glasshouse_container_${metric}${pickedContainers})`;
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
              query: `max by (name) (increase(glasshouse_container_restarts_total${pickedContainers}[10m]))`,
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
              query: `max by (name) (${killsWithinTenMinutes((metric) => `glasshouse_container_${metric}${pickedContainers}`)})`,
              legend: "{{name}}",
            },
          ],
        }),
      ],
    },
  ];
}
