import type { OwnAlert } from "../settings/alertSettings";
import type { AlertmanagerSettings, RouteSettings } from "../settings/alertmanagerSettings";
import { renderDuration } from "../prometheus/renderDuration";
import { buildInhibitRules, type InhibitRule } from "./inhibitRules";
import { buildReceiver, type Receiver } from "./receivers";
import { heartbeatFile, secretsFolder } from "./secretFiles";
import { buildTestRoutes } from "./testRoutes";
import { buildTimeInterval, type TimeInterval } from "./timeIntervals";

/** @see https://prometheus.io/docs/alerting/latest/configuration/#route */
export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly mute_time_intervals?: readonly string[];
  readonly continue?: boolean;
  readonly routes?: readonly Route[];
}

/** The parts of Alertmanager's configuration that Glasshouse uses. */
export interface AlertmanagerConfig {
  readonly route: Route;
  readonly inhibit_rules: readonly InhibitRule[];
  readonly receivers: readonly Receiver[];
  readonly time_intervals?: readonly TimeInterval[];
  readonly templates: readonly string[];
}

/** Names that no receiver of a stack file can have. */
export const heartbeatReceiver = "_heartbeat";
const nobody = "_nobody";

const watchdog: OwnAlert = "Watchdog";

/**
 * Who is told of what, and how often. Alerts about one app are one message, and so are those about the host and all that is not an
 * app's: they mostly have one cause.
 *
 * @param prefix starts the names of the stack's containers
 */
export function buildAlertmanagerConfig(
  settings: AlertmanagerSettings,
  {
    prefix,
    dashboardsUrl,
    templates,
  }: { prefix: string; dashboardsUrl: string; templates: readonly string[] },
): AlertmanagerConfig {
  const {
    receivers,
    receiver = receivers[0]?.name ?? nobody,
    routes,
    muteTimes,
    heartbeat,
  } = settings;
  const allRoutes = [
    ...buildTestRoutes(receivers),
    ...(heartbeat ? [buildHeartbeatRoute(heartbeat.minutes)] : []),
    ...routes.map(buildRoute),
  ];
  return {
    route: {
      receiver,
      group_by: ["app"],
      group_wait: renderDuration(settings.groupWaitSeconds),
      group_interval: renderDuration(settings.groupIntervalSeconds),
      repeat_interval: renderDuration(settings.repeatHours * 3600),
      ...(allRoutes.length > 0 && { routes: allRoutes }),
    },
    inhibit_rules: buildInhibitRules(prefix),
    receivers: [
      ...(receivers.length === 0 ? [{ name: nobody }] : []),
      ...receivers.map((each) => buildReceiver(each, dashboardsUrl)),
      ...(heartbeat
        ? [
            {
              name: heartbeatReceiver,
              webhook_configs: [
                { send_resolved: false, url_file: `${secretsFolder}/${heartbeatFile}` },
              ],
            },
          ]
        : []),
    ],
    ...(muteTimes.length > 0 && { time_intervals: muteTimes.map(buildTimeInterval) }),
    templates,
  };
}

function buildHeartbeatRoute(minutes: number): Route {
  return {
    receiver: heartbeatReceiver,
    matchers: [`alertname="${watchdog}"`],
    group_by: ["alertname"],
    group_wait: "0s",
    group_interval: renderDuration(minutes * 60),
    // Looked at once in each group interval: an equal time would be missed by a moment, and every other call left out.
    repeat_interval: renderDuration(minutes * 30),
  };
}

function buildRoute(route: RouteSettings): Route {
  const { receiver, severities, apps, labels, muteTimes, repeatHours } = route;
  const matchers = [
    ...(severities.length > 0 ? [`severity=~"${severities.join("|")}"`] : []),
    ...(apps.length > 0 ? [`app=~"${apps.join("|")}"`] : []),
    ...Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  ];
  return {
    receiver,
    ...(matchers.length > 0 && { matchers }),
    ...(muteTimes.length > 0 && { mute_time_intervals: muteTimes }),
    ...(repeatHours !== undefined && { repeat_interval: renderDuration(repeatHours * 3600) }),
    ...(route.continue && { continue: true }),
  };
}
