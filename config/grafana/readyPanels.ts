import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { ReadyPanelName } from "../settings/panelSettings";
import {
  cpuPanel,
  memoryPanel,
  samplesPanel,
  scrapeDurationPanel,
  targetsUpPanel,
} from "./generic";
import { goMemoryPanel, goroutinesPanel } from "./go";
import { jvmCpuPanel, jvmMemoryPanel, jvmThreadsPanel } from "./jvm";
import { activeSocketsPanel, eventLoopLagPanel, nodejsMemoryPanel } from "./nodejs";
import type { ScrapedJob } from "./scrapedJob";

/** Panels that an app's row can have without a query of its own. */
export const readyPanels: Readonly<Record<ReadyPanelName, (job: ScrapedJob) => Panel>> = {
  "targets-up": targetsUpPanel,
  cpu: cpuPanel,
  memory: memoryPanel,
  "scrape-duration": scrapeDurationPanel,
  samples: samplesPanel,
  "go-memory": goMemoryPanel,
  goroutines: goroutinesPanel,
  "jvm-cpu": jvmCpuPanel,
  "jvm-memory": jvmMemoryPanel,
  "jvm-threads": jvmThreadsPanel,
  "nodejs-memory": nodejsMemoryPanel,
  "event-loop-lag": eventLoopLagPanel,
  "active-sockets": activeSocketsPanel,
};
