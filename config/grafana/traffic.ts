import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { AppSettings } from "../settings/appSettings";
import { appScrapeIntervalSeconds, scrapedApps } from "../prometheus/scrapedApps";
import { rateWindow, rateWindowSeconds } from "../prometheus/rateWindow";
import { renderDuration } from "../prometheus/renderDuration";
import { selectSeries, type Matcher } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";
import type { TrafficSettings } from "../settings/trafficSettings";
import { graphPanel } from "./panels/graphPanel";
import type { PanelQuery } from "./panels/panelQuery";

/** What counts the work of apps whose metrics are known, by their dashboard section. */
const ofSections: Partial<Record<AppSettings["dashboard"], TrafficSettings>> = {
  "image-gallery": { requests: "image_gallery_requests_total", errors: 'code=~"5.."' },
  "image-of-the-day": { requests: "http_server_requests_seconds_count", errors: 'status=~"5.."' },
  "access-log": { requests: "access_log_total" },
};

/** What most libraries call their counter of requests; of an app that has several, the first one counts. */
const usualCounters = [
  "http_requests_total",
  "http_request_duration_seconds_count",
  "http_server_requests_seconds_count",
];

/** What they call the label with the status of the answer. */
const usualStatusLabels = ["code", "status", "status_code"];

const percentiles = [0.5, 0.95, 0.99];

/** Panels of an app's row, where the stack file says what counts its requests. */
export function trafficPanels(app: AppSettings, settings: Settings): Panel[] {
  if (app.traffic === undefined) return [];
  const known = { app, traffic: app.traffic, window: windowOf(app, settings) };
  return [
    graphPanel({
      title: "Requests",
      description: "What the app was asked for.",
      unit: "reqps",
      queries: [{ query: requestsOf(known), legend: "requests" }],
    }),
    ...errorsOf(known).map((query) =>
      graphPanel({
        title: "Failed requests",
        description: "Requests that ended in an error.",
        unit: "reqps",
        queries: [{ query, legend: "failed" }],
        colors: { failed: "red" },
      }),
    ),
    ...(app.traffic.latency === undefined
      ? []
      : [
          graphPanel({
            title: "Response time",
            description:
              "So long took the fastest 50, 95 and 99 % of the requests, at most; empty while there are none.",
            unit: "s",
            queries: percentiles.flatMap((share) =>
              latencyOf(known, share).map((query) => ({ query, legend: `${share * 100} %` })),
            ),
          }),
        ]),
  ];
}

/** What all apps are asked for and how they answer, for the dashboard Overview; nothing where no app counts. */
export function allTrafficPanels(settings: Settings): Panel[] {
  const apps = scrapedApps(settings.apps);
  const known = apps.flatMap((app) => {
    const traffic = app.traffic ?? ofSections[app.dashboard];
    return traffic === undefined ? [] : [{ app, traffic, window: windowOf(app, settings) }];
  });
  const others = apps.filter((app) => !known.some((each) => each.app === app));
  if (apps.length === 0) return [];
  const guessed = others.length === 0 ? undefined : guess(others, settings, known.length === 0);
  const requests: PanelQuery[] = [
    ...known.map((each) => ({ query: requestsOf(each), legend: each.app.name })),
    ...(guessed ? [guessed.requests] : []),
  ];
  const errors: PanelQuery[] = [
    ...known.flatMap((each) => errorsOf(each).map((query) => ({ query, legend: each.app.name }))),
    ...(guessed ? [guessed.errors] : []),
  ];
  const latencies: PanelQuery[] = known.flatMap((each) =>
    latencyOf(each, 0.95).map((query) => ({ query, legend: each.app.name })),
  );
  const panel = (title: string, description: string, unit: string, queries: PanelQuery[]) =>
    queries.length === 0 ? [] : [graphPanel({ title, description, unit, queries })];
  return [
    ...panel(
      "Requests",
      "What each app was asked for; of the access log, what it logged. `traffic` in the stack file says what counts an app's requests.",
      "reqps",
      requests,
    ),
    ...panel(
      "Errors",
      "Requests that ended in an error, mostly a server's (5xx).",
      "reqps",
      errors,
    ),
    ...panel(
      "Response time (95 %)",
      "So long took all requests but the slowest 5 %, at most; empty while there are none.",
      "s",
      latencies,
    ),
  ];
}

interface KnownTraffic {
  readonly app: AppSettings;
  readonly traffic: TrafficSettings;
  readonly window: string;
}

function windowOf(app: AppSettings, settings: Settings): string {
  return rateWindow(appScrapeIntervalSeconds(app, settings));
}

function sumOfRate(
  { app, window }: KnownTraffic,
  metric: string,
  { by = "", matchers = [] }: { readonly by?: string; readonly matchers?: readonly string[] } = {},
): string {
  return `sum${by}(rate(${selectSeries(metric, app.jobName, ...(matchers as Matcher[]))}[${window}]))`;
}

function requestsOf(known: KnownTraffic): string {
  return sumOfRate(known, known.traffic.requests);
}

/** None where the app does not tell; 0 while it has requests and no errors. */
function errorsOf(known: KnownTraffic): string[] {
  const { requests, errors } = known.traffic;
  if (errors === undefined) return [];
  return [
    `${sumOfRate(known, requests, { matchers: [errors] })} or 0 * ${sumOfRate(known, requests)}`,
  ];
}

function latencyOf(known: KnownTraffic, share: number): string[] {
  const { latency } = known.traffic;
  if (latency === undefined) return [];
  return [
    `histogram_quantile(${share}, ${sumOfRate(known, `${latency}_bucket`, { by: " by (le) " })})`,
  ];
}

/**
 * By the usual names, a line for each app that exports one of them.
 *
 * @param isAlone whether there is nothing else to draw: a line without values then keeps the graph from looking broken
 */
function guess(
  apps: readonly AppSettings[],
  settings: Settings,
  isAlone: boolean,
): { readonly requests: PanelQuery; readonly errors: PanelQuery } {
  const jobs = [...new Set(apps.map(({ jobName }) => jobName))].sort().join("|");
  const window = renderDuration(
    Math.max(...apps.map((app) => rateWindowSeconds(appScrapeIntervalSeconds(app, settings)))),
  );
  const rate = (metric: string, ...matchers: string[]) =>
    `rate(${metric}{${[`job=~${JSON.stringify(jobs)}`, ...matchers].join(",")}}[${window}])`;
  const byJob = (rates: readonly string[]) => `sum by (job) (${rates.join(" or ")})`;
  const withStatus = (metric: string, matcher: string) =>
    byJob(usualStatusLabels.map((label) => rate(metric, label + matcher)));
  const nothing = isAlone ? ['on () label_replace(vector(NaN), "job", "none yet", "", "")'] : [];
  const firstOf = (...alternatives: readonly string[]): PanelQuery => ({
    query: [...alternatives, ...nothing].join(" or "),
    legend: "{{job}}",
  });
  return {
    requests: firstOf(...usualCounters.map((counter) => byJob([rate(counter)]))),
    errors: firstOf(
      ...usualCounters.map((counter) => withStatus(counter, '=~"5.."')),
      // Only of those that tell a status: without one, nobody knows of errors.
      ...usualCounters.map((counter) => `0 * ${withStatus(counter, '!=""')}`),
    ),
  };
}
