import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../prometheus/selectSeries";
import { jvmMemoryPanel } from "./jvm";
import { graphPanel } from "./panels";
import { orGap, orZero, rateOf, type ScrapedJob } from "./scrapedJob";

const loads = "iotd_api_image_load_total";

/** For the image of the day API, ours or the chapter's. */
export function imageOfTheDaySection(job: ScrapedJob): Panel[] {
  return [
    imageRequestsPanel(job),
    failedRequestsPanel(job),
    responseTimePanel(job),
    sourceLoadsPanel(job),
    cacheLoadsPanel(job),
    jvmMemoryPanel(job),
    activeThreadsPanel(job),
  ];
}

function imageRequestsPanel(job: ScrapedJob): Panel {
  return graphPanel({
    title: "Image requests",
    description: "Requests of GET /image, however they ended.",
    unit: "reqps",
    queries: [
      { query: orZero(imageRate(job, "http_server_requests_seconds_count")), legend: "GET /image" },
    ],
  });
}

function failedRequestsPanel(job: ScrapedJob): Panel {
  return graphPanel({
    title: "Failed requests",
    description: "Requests of any path that ended in a server error (5xx).",
    unit: "reqps",
    queries: [
      {
        query: orZero(`sum(${rateOf(job, "http_server_requests_seconds_count", 'status=~"5.."')})`),
        legend: "5xx",
      },
    ],
    colors: { "5xx": "red" },
  });
}

function responseTimePanel(job: ScrapedJob): Panel {
  const seconds = imageRate(job, "http_server_requests_seconds_sum");
  const count = imageRate(job, "http_server_requests_seconds_count");
  return graphPanel({
    title: "Response time",
    description: "Mean time that GET /image took; empty while there are no requests.",
    unit: "s",
    queries: [{ query: orGap(`${seconds} / (${count} > 0)`), legend: "mean" }],
  });
}

function sourceLoadsPanel(job: ScrapedJob): Panel {
  return graphPanel({
    title: "Loads from the source",
    description: "Images that were fetched from where they come from.",
    unit: "ops",
    queries: [
      { query: orZero(`sum(${rateOf(job, loads, 'status="success"')})`), legend: "source" },
    ],
  });
}

function cacheLoadsPanel(job: ScrapedJob): Panel {
  return graphPanel({
    title: "Loads from the cache",
    description: "Images that were answered from memory.",
    unit: "ops",
    queries: [{ query: orZero(`sum(${rateOf(job, loads, 'status="cached"')})`), legend: "cache" }],
  });
}

function activeThreadsPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Active threads",
    description: "Tomcat: threads that serve requests. JVM: all live threads, those included.",
    unit: "short",
    queries: [
      {
        query: `sum(${selectSeries("tomcat_threads_current_threads", jobName)})`,
        legend: "Tomcat",
      },
      { query: `sum(${selectSeries("jvm_threads_live_threads", jobName)})`, legend: "JVM" },
    ],
  });
}

function imageRate(job: ScrapedJob, metric: string): string {
  return `sum(${rateOf(job, metric, 'uri="/image"', 'method="GET"')})`;
}
