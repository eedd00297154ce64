import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../../prometheus/selectSeries";
import { swarmJobName } from "../../servers/dockerApi";
import type { Settings } from "../../settings/settings";
import { frameDashboard } from "../frameDashboard";
import { graphPanel } from "../panels/graphPanel";
import { numberPanel } from "../panels/numberPanel";
import { statesPanel } from "../panels/statesPanel";
import { tablePanel } from "../panels/tablePanel";
import type { ValueTexts } from "../panels/valueTexts";

const swarm = (metric: string) => selectSeries(`glasshouse_swarm_${metric}`, swarmJobName);

const readyTexts: ValueTexts = {
  "0": { text: "down", color: "red" },
  "1": { text: "ready", color: "green" },
};

/** What a manager knows of its Swarm: nodes, managers, services. */
export function buildSwarmDashboard(settings: Settings): Dashboard {
  return frameDashboard(settings, {
    uid: "glasshouse-swarm",
    title: "Swarm",
    description: "Nodes, managers and services of the Swarm, not only those of this stack.",
    rows: [
      { title: "Now", panels: nowPanels() },
      { title: "Nodes", panels: nodePanels() },
      { title: "Services", panels: servicePanels() },
      ...(settings.exporters.node.deploy
        ? [{ title: "Resources of nodes", panels: nodeResourcePanels() }]
        : []),
    ],
  });
}

function nowPanels(): Panel[] {
  const missing = (title: string, description: string, query: string, none: string) =>
    numberPanel({
      title,
      description,
      unit: "none",
      query: { query, legend: title },
      thresholds: [
        { value: null, color: "green" },
        { value: 1, color: "red" },
      ],
      texts: { "0": { text: none, color: "green" } },
    });
  return [
    numberPanel({
      title: "Nodes ready",
      description: "Nodes that answer the managers.",
      unit: "none",
      query: { query: `sum(${swarm("node_ready")})`, legend: "ready" },
    }),
    missing(
      "Nodes down",
      "Nodes that do not answer the managers.",
      `count(${swarm("node_ready")} == 0) or vector(0)`,
      "none",
    ),
    numberPanel({
      title: "Managers to spare",
      description:
        "How many more managers may be lost before nothing can be started or changed. One manager alone has none to spare.",
      unit: "none",
      query: {
        query: `sum(${swarm("manager_reachable")}) - floor(count(${swarm("manager_reachable")}) / 2) - 1`,
        legend: "to spare",
      },
    }),
    missing(
      "Replicas missing",
      "Of all services together, replicas that should run and do not.",
      `sum(${swarm("service_tasks_desired")} - ${swarm("service_tasks_running")}) or vector(0)`,
      "none",
    ),
  ];
}

function nodePanels(): Panel[] {
  return [
    tablePanel({
      title: "Nodes",
      description: "A line for each node, as the managers see it now.",
      columns: [
        { title: "Node", label: "node" },
        { title: "Role", label: "role" },
        { title: "Availability", label: "availability" },
        { title: "Engine", label: "engine" },
        {
          title: "State",
          query: `${byNode("node_ready")} * ${onInfo()}`,
          texts: readyTexts,
        },
        { title: "Replicas", query: `${byNode("node_tasks")} * ${onInfo()}` },
      ],
      sortBy: "Replicas",
      height: 8,
    }),
    statesPanel({
      title: "State of nodes",
      description: "Red while a node does not answer the managers.",
      query: { query: byNode("node_ready"), legend: "{{node}}" },
      texts: readyTexts,
    }),
    statesPanel({
      title: "Managers",
      description: "Red while a manager is not reached by the leader.",
      query: { query: byNode("manager_reachable"), legend: "{{node}}" },
      texts: {
        "0": { text: "unreachable", color: "red" },
        "1": { text: "reachable", color: "green" },
      },
    }),
    graphPanel({
      title: "Replicas by node",
      description: "Replicas of all services that run on each node.",
      unit: "short",
      queries: [{ query: byNode("node_tasks"), legend: "{{node}}" }],
    }),
  ];
}

function servicePanels(): Panel[] {
  const byService = (metric: string) => `max by (service) (${swarm(metric)})`;
  return [
    tablePanel({
      title: "Services",
      description: "A line for each service, as it is now.",
      columns: [
        { title: "Service", label: "service" },
        { title: "Wanted", query: byService("service_tasks_desired") },
        { title: "Running", query: byService("service_tasks_running") },
      ],
      sortBy: "Wanted",
      height: 10,
    }),
    graphPanel({
      title: "Replicas missing",
      description: "Of each service, replicas that should run and do not.",
      unit: "short",
      queries: [
        {
          query: `${byService("service_tasks_desired")} - ${byService("service_tasks_running")}`,
          legend: "{{service}}",
        },
      ],
    }),
    graphPanel({
      title: "Replicas that failed",
      description:
        "Of each service, replicas that ended with an error or could not start, within ten minutes.",
      unit: "short",
      queries: [
        {
          query: `max by (service) (increase(${swarm("service_failures_total")}[10m]))`,
          legend: "{{service}}",
        },
      ],
    }),
  ];
}

/** Of all nodes beside each other. */
export function nodeResourcePanels(): Panel[] {
  const byNodes = (record: string) => `max by (node) (instance:${record})`;
  const graph = (title: string, description: string, unit: string, query: string) =>
    graphPanel({ title, description, unit, queries: [{ query, legend: "{{node}}" }] });
  return [
    graph(
      "CPU in use",
      "Of all processors of a node together; waiting for disks does not count.",
      "percentunit",
      byNodes("cpu_usage:ratio"),
    ),
    graph(
      "Memory in use",
      "Of a node's memory, without caches that can be dropped.",
      "percentunit",
      byNodes("memory_usage:ratio"),
    ),
    graph(
      "Fullest disk",
      "Of a node's disks, the one with the least room.",
      "percentunit",
      byNodes("filesystem_usage:ratio"),
    ),
    graphPanel({
      title: "Network traffic",
      description: "Of a node's own interfaces together, without those between containers.",
      unit: "binBps",
      queries: [
        {
          query: "sum by (node) (instance:network_receive:rate)",
          legend: "{{node}} received",
        },
        { query: "sum by (node) (instance:network_transmit:rate)", legend: "{{node}} sent" },
      ],
    }),
  ];
}

function byNode(metric: string): string {
  return `max by (node) (${swarm(metric)})`;
}

/** What a node is, as labels. */
function onInfo(): string {
  return `on (node) group_left (role, availability, engine) max by (node, role, availability, engine) (${swarm("node_info")})`;
}
