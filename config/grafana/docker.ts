import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../prometheus/selectSeries";
import { goMemoryPanel, goroutinesPanel } from "./go";
import { graphPanel } from "./panels/graphPanel";
import { labelPanel } from "./panels/labelPanel";
import type { ScrapedJob } from "./scrapedJob";

/** For the Docker Engine, which is itself an app in Go. */
export function dockerSection(job: ScrapedJob): Panel[] {
  return [
    containersPanel(job),
    failedHealthChecksPanel(job),
    goMemoryPanel(job),
    goroutinesPanel(job),
    engineInfoPanel(job, "version", "Engine version", "Version of the Docker Engine."),
    engineInfoPanel(job, "os_type", "OS type", "Kind of operating system the engine runs on."),
    engineInfoPanel(job, "architecture", "Architecture", "Processor architecture of the host."),
  ];
}

export function containersPanel({ jobName }: ScrapedJob): Panel {
  const states = selectSeries("engine_daemon_container_states_containers", jobName);
  return graphPanel({
    title: "Containers by state",
    description: "All containers of the host, not only those of this stack.",
    unit: "short",
    queries: [{ query: `sum by (state) (${states})`, legend: "{{state}}" }],
    colors: { running: "green", paused: "gray", stopped: "orange" },
  });
}

export function failedHealthChecksPanel({ jobName, rateWindow }: ScrapedJob): Panel {
  const failed = selectSeries("engine_daemon_health_checks_failed_total", jobName);
  return graphPanel({
    title: "Failed health checks",
    description: `Health checks of any container that failed within the last ${rateWindow}.`,
    unit: "short",
    queries: [{ query: `sum(increase(${failed}[${rateWindow}]))`, legend: "failed" }],
    colors: { failed: "red" },
  });
}

export function engineInfoPanel(
  { jobName }: ScrapedJob,
  label: string,
  title: string,
  description: string,
): Panel {
  const info = selectSeries("engine_daemon_engine_info", jobName);
  return labelPanel({
    title,
    description,
    query: { query: `sum by (${label}) (${info})`, legend: `{{${label}}}` },
  });
}
