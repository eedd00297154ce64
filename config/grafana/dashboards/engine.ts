import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { rateWindow } from "../../prometheus/rateWindow";
import { dockerJobName, isRelayed, missingSeries } from "../../servers/engineRelay";
import { selectSeries } from "../../prometheus/selectSeries";
import type { Settings } from "../../settings/settings";
import { containersPanel, engineInfoPanel, failedHealthChecksPanel } from "../docker";
import { frameDashboard } from "../frameDashboard";
import { cpuPanel } from "../generic";
import { goMemoryPanel, goroutinesPanel } from "../go";
import { graphPanel } from "../panels/graphPanel";
import { numberPanel } from "../panels/numberPanel";
import { tablePanel } from "../panels/tablePanel";
import { rateOf, type ScrapedJob } from "../scrapedJob";

/** What the engine tells of itself. */
export function buildEngineDashboard(settings: Settings): Dashboard {
  const job: ScrapedJob = {
    jobName: dockerJobName,
    declaredTargets: 1,
    rateWindow: rateWindow(settings.prometheus.scrapeIntervalSeconds),
  };
  return frameDashboard(settings, {
    uid: "glasshouse-engine",
    title: "Docker Engine",
    description: isRelayed(settings)
      ? "What the Docker Engines of the Swarm's nodes do, all together."
      : "What the Docker Engine of this host does.",
    rows: [
      ...(isRelayed(settings) ? [{ title: "Nodes", panels: [nodesTable()] }] : []),
      {
        title: "Now",
        panels: [
          countPanel("running", "green"),
          countPanel("paused", "gray"),
          countPanel("stopped", "orange"),
          engineInfoPanel(job, "version", "Engine version", "Version of the Docker Engine."),
        ],
      },
      {
        title: "Containers",
        panels: [containersPanel(job), ...actionPanels(job), failedHealthChecksPanel(job)],
      },
      {
        title: "The engine itself",
        panels: [cpuPanel(job), goMemoryPanel(job), goroutinesPanel(job), eventsPanel(job)],
      },
    ],
  });
}

function nodesTable(): Panel {
  const info = selectSeries("engine_daemon_engine_info", dockerJobName);
  return tablePanel({
    title: "Engines of nodes",
    description:
      "Whether the engine of each node publishes its metrics (metrics-addr in its daemon.json).",
    columns: [
      { title: "Node", label: "node" },
      { title: "Version", label: "version" },
      {
        title: "Metrics",
        query: `max by (node, version) (${info}) or 0 * max by (node) (${missingSeries})`,
        texts: {
          "0": { text: "not published", color: "gray" },
          "1": { text: "published", color: "green" },
        },
      },
    ],
    height: 6,
  });
}

function countPanel(state: string, color: string): Panel {
  const series = selectSeries(
    "engine_daemon_container_states_containers",
    dockerJobName,
    `state="${state}"`,
  );
  return numberPanel({
    title: `${state.slice(0, 1).toUpperCase()}${state.slice(1)}`,
    description: `Containers of the host that are ${state}.`,
    unit: "none",
    query: { query: `sum(${series})`, legend: state },
    thresholds: [
      { value: null, color: "text" },
      { value: 1, color },
    ],
  });
}

function actionPanels(job: ScrapedJob): Panel[] {
  const actions = "engine_daemon_container_actions_seconds";
  return [
    graphPanel({
      title: "Actions on containers",
      description: "What the engine was asked to do with containers.",
      unit: "ops",
      queries: [
        { query: `sum by (action) (${rateOf(job, `${actions}_count`)})`, legend: "{{action}}" },
      ],
    }),
    graphPanel({
      title: "Duration of actions",
      description: "95 of 100 actions are done within this time. Empty while there are none.",
      unit: "s",
      queries: [
        {
          query: `histogram_quantile(0.95, sum by (action, le) (${rateOf(job, `${actions}_bucket`)}))`,
          legend: "{{action}}",
        },
      ],
    }),
  ];
}

function eventsPanel(job: ScrapedJob): Panel {
  return graphPanel({
    title: "Events",
    description: "What `docker events` would show.",
    unit: "ops",
    queries: [{ query: `sum(${rateOf(job, "engine_daemon_events_total")})`, legend: "events" }],
  });
}
