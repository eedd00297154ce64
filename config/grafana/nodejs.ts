import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../prometheus/selectSeries";
import { targetsUpPanel } from "./generic";
import { graphPanel } from "./panels/graphPanel";
import type { ScrapedJob } from "./scrapedJob";

/**
 * For any app on Node.js that exports the default metrics of prom-client. Give prom-client a
 * default label `hostname` to tell replicas apart; without it they are drawn as one.
 */
export function nodejsSection(job: ScrapedJob): Panel[] {
  return [
    targetsUpPanel(job),
    eventLoopLagPanel(job),
    nodejsMemoryPanel(job),
    activeSocketsPanel(job),
  ];
}

export function eventLoopLagPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Event loop lag by container",
    description: "How late timers run. All requests of a container wait this long, at least.",
    unit: "s",
    queries: [
      {
        query: `max by (hostname) (${selectSeries("nodejs_eventloop_lag_seconds", jobName)})`,
        legend: "{{hostname}}",
      },
    ],
  });
}

export function nodejsMemoryPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Memory by container",
    description: "What each container's process takes from the host.",
    unit: "bytes",
    queries: [
      {
        query: `sum by (hostname) (${selectSeries("process_resident_memory_bytes", jobName)})`,
        legend: "{{hostname}}",
      },
    ],
  });
}

export function activeSocketsPanel({ jobName }: ScrapedJob): Panel {
  const sockets = selectSeries("nodejs_active_resources", jobName, 'type="TCPSocketWrap"');
  // prom-client drops a type that has none open; the total is always there, and gives such a
  // container its 0.
  const zeros = `0 * ${selectSeries("nodejs_active_resources_total", jobName)}`;
  return graphPanel({
    title: "Active sockets",
    description: "Open TCP sockets by container: connections in and out.",
    unit: "short",
    queries: [{ query: `sum by (hostname) (${sockets} or ${zeros})`, legend: "{{hostname}}" }],
  });
}
