import type { PanelSettingsInput } from "./settings/panelSettings";

/**
 * Zero while a target answers, else nothing: for counters whose series appear with the first event, where a plain 0 would also be drawn
 * for a time in which nothing was measured.
 */
const noneYet = '0 * (sum(up{job="$job"}) > 0)';

/** The row of an app, as a stack file can have it: `dashboard: none`, and these `panels`. */
interface SampleDashboard {
  /** What the row is called, before the app's name. */
  readonly title: string;
  readonly panels: readonly PanelSettingsInput[];
}

const failedVisits =
  'sum by (code) (rate(image_gallery_requests_total{job="$job",code=~"[45].."}[$__rate_interval]))';
const serverErrors =
  'sum(rate(image_gallery_requests_total{job="$job",code=~"5.."}[$__rate_interval]))';
const visits = 'sum(rate(image_gallery_requests_total{job="$job"}[$__rate_interval]))';

const imageSeconds =
  'sum(rate(http_server_requests_seconds_sum{job="$job",uri="/image",method="GET"}[$__rate_interval]))';
const imageCount =
  'sum(rate(http_server_requests_seconds_count{job="$job",uri="/image",method="GET"}[$__rate_interval]))';

/** The rows of the chapter's apps, ours or the originals, by the value of `dashboard` that asks for them. */
export const sampleDashboards = {
  "image-gallery": {
    title: "Image Gallery",
    panels: [
      {
        title: "Responses with code 200",
        description: "Visits of the web page that were served well.",
        unit: "reqps",
        query:
          'sum(rate(image_gallery_requests_total{job="$job",code="200"}[$__rate_interval])) or ' +
          noneYet,
        legend: "200",
      },
      {
        title: "Failed responses",
        description: "Visits that ended in an error, by response code.",
        unit: "reqps",
        query: `${failedVisits} or on () label_replace(${noneYet}, "code", "none yet", "", "")`,
        legend: "{{code}}",
        colors: { "5..": "red", "4..": "orange", "none yet": "gray" },
      },
      {
        title: "Error ratio",
        description:
          "Share of visits that ended in a server error (5xx); empty while there are no visits.",
        unit: "percentunit",
        query: `(${serverErrors} or vector(0)) / (${visits} > 0) or vector(NaN)`,
        legend: "5xx",
        colors: { "5xx": "red" },
      },
      {
        title: "Requests in flight",
        description: "Visits that are being served at the moment of the scrape.",
        query: 'sum(image_gallery_in_flight_requests{job="$job"})',
        legend: "in flight",
      },
      { use: "go-memory" },
      { use: "goroutines" },
    ],
  },
  "image-of-the-day": {
    title: "Image of the Day API",
    panels: [
      {
        title: "Image requests",
        description: "Requests of GET /image, however they ended.",
        unit: "reqps",
        query: `${imageCount} or ${noneYet}`,
        legend: "GET /image",
      },
      {
        title: "Failed requests",
        description: "Requests of any path that ended in a server error (5xx).",
        unit: "reqps",
        query:
          'sum(rate(http_server_requests_seconds_count{job="$job",status=~"5.."}[$__rate_interval])) or ' +
          noneYet,
        legend: "5xx",
        colors: { "5xx": "red" },
      },
      {
        title: "Response time",
        description: "Mean time that GET /image took; empty while there are no requests.",
        unit: "s",
        query: `${imageSeconds} / (${imageCount} > 0) or vector(NaN)`,
        legend: "mean",
      },
      {
        title: "Loads from the source",
        description: "Images that were fetched from where they come from.",
        unit: "ops",
        query:
          'sum(rate(iotd_api_image_load_total{job="$job",status="success"}[$__rate_interval])) or ' +
          noneYet,
        legend: "source",
      },
      {
        title: "Loads from the cache",
        description: "Images that were answered from memory.",
        unit: "ops",
        query:
          'sum(rate(iotd_api_image_load_total{job="$job",status="cached"}[$__rate_interval])) or ' +
          noneYet,
        legend: "cache",
      },
      { use: "jvm-memory" },
      {
        title: "Active threads",
        description: "Tomcat: threads that serve requests. JVM: all live threads, those included.",
        query: 'sum(tomcat_threads_current_threads{job="$job"})',
        legend: "Tomcat",
        queries: [{ query: 'sum(jvm_threads_live_threads{job="$job"})', legend: "JVM" }],
      },
    ],
  },
  "access-log": {
    title: "Access Log",
    panels: [
      {
        title: "Logs by container",
        description:
          "Accesses that each container logged. Even lines mean that the load is spread.",
        unit: "ops",
        query: 'sum by (hostname) (rate(access_log_total{job="$job"}[$__rate_interval]))',
        legend: "{{hostname}}",
      },
      {
        title: "Current client IPs",
        description:
          "Different clients that each container has seen of late. One client can count in several.",
        query: 'sum by (hostname) (access_client_ip_current{job="$job"})',
        legend: "{{hostname}}",
      },
      { use: "targets-up" },
      { use: "nodejs-memory" },
      { use: "active-sockets" },
      { use: "event-loop-lag" },
    ],
  },
} as const satisfies Readonly<Record<string, SampleDashboard>>;

export type SampleDashboardName = keyof typeof sampleDashboards;
