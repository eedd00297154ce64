import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../prometheus/selectSeries";
import { targetsUpPanel } from "./generic";
import { activeSocketsPanel, eventLoopLagPanel, nodejsMemoryPanel } from "./nodejs";
import { graphPanel } from "./panels";
import { rateOf, type ScrapedJob } from "./scrapedJob";

/** For the access log, ours or the chapter's: its containers are told apart by their host name. */
export function accessLogSection(job: ScrapedJob): Panel[] {
  return [
    logsPanel(job),
    clientIpsPanel(job),
    targetsUpPanel(job),
    nodejsMemoryPanel(job),
    activeSocketsPanel(job),
    eventLoopLagPanel(job),
  ];
}

function logsPanel(job: ScrapedJob): Panel {
  return graphPanel({
    title: "Logs by container",
    description: "Accesses that each container logged. Even lines mean that the load is spread.",
    unit: "ops",
    queries: [
      {
        query: `sum by (hostname) (${rateOf(job, "access_log_total")})`,
        legend: "{{hostname}}",
      },
    ],
  });
}

function clientIpsPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Current client IPs",
    description:
      "Different clients that each container has seen of late. One client can count in several.",
    unit: "short",
    queries: [
      {
        query: `sum by (hostname) (${selectSeries("access_client_ip_current", jobName)})`,
        legend: "{{hostname}}",
      },
    ],
  });
}
