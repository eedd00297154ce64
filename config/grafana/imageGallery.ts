import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { selectSeries } from "../prometheus/selectSeries";
import { goMemoryPanel, goroutinesPanel } from "./go";
import { graphPanel } from "./panels";
import { orGap, orZero, rateOf, type ScrapedJob } from "./scrapedJob";

const requests = "image_gallery_requests_total";

/** For the image gallery, ours or the chapter's. */
export function imageGallerySection(job: ScrapedJob): Panel[] {
  return [
    okResponsesPanel(job),
    failedResponsesPanel(job),
    errorRatioPanel(job),
    inFlightPanel(job),
    goMemoryPanel(job),
    goroutinesPanel(job),
  ];
}

function okResponsesPanel(job: ScrapedJob): Panel {
  return graphPanel({
    title: "Responses with code 200",
    description: "Visits of the web page that were served well.",
    unit: "reqps",
    queries: [{ query: orZero(`sum(${rateOf(job, requests, 'code="200"')})`), legend: "200" }],
  });
}

function failedResponsesPanel(job: ScrapedJob): Panel {
  const failed = `sum by (code) (${rateOf(job, requests, 'code=~"[45].."')})`;
  return graphPanel({
    title: "Failed responses",
    description: "Visits that ended in an error, by response code.",
    unit: "reqps",
    queries: [
      {
        query: `${failed} or on () label_replace(vector(0), "code", "none yet", "", "")`,
        legend: "{{code}}",
      },
    ],
    colors: { "5..": "red", "4..": "orange", "none yet": "gray" },
  });
}

function errorRatioPanel(job: ScrapedJob): Panel {
  const failed = `sum(${rateOf(job, requests, 'code=~"5.."')})`;
  const all = `sum(${rateOf(job, requests)})`;
  return graphPanel({
    title: "Error ratio",
    description:
      "Share of visits that ended in a server error (5xx); empty while there are no visits.",
    unit: "percentunit",
    queries: [{ query: orGap(`(${orZero(failed)}) / (${all} > 0)`), legend: "5xx" }],
    colors: { "5xx": "red" },
  });
}

function inFlightPanel({ jobName }: ScrapedJob): Panel {
  return graphPanel({
    title: "Requests in flight",
    description: "Visits that are being served at the moment of the scrape.",
    unit: "short",
    queries: [
      {
        query: `sum(${selectSeries("image_gallery_in_flight_requests", jobName)})`,
        legend: "in flight",
      },
    ],
  });
}
