import { selectSeries } from "../../config/prometheus/selectSeries";
import { alertmanager as server } from "../../config/servers/alertmanager";
import { type AlertmanagerPlace, askAlertmanager } from "../alerting/askAlertmanager";
import { readAlertRules } from "../alerting/alertRules";
import { findUnrouted } from "../alerting/findUnrouted";
import { readRunningConfig } from "../alerting/runningConfig";
import { listAllSilences, type ListedSilence, matches } from "../alerting/silences";
import { updateComment } from "../alerting/silenceWhile";
import type { PrometheusPlace } from "../askPrometheus";
import { queryPrometheus } from "../queryPrometheus";
import type { AlertmanagerNow, EndedSilence, FailingReceiver } from "./facts";
import { tryReading } from "./readPrometheus";
import type { StackState } from "./stackState";

const day = 24 * 60 * 60 * 1000;
/** Alertmanager notes the end of a silence that someone ended at that moment. */
const endedByHandMilliseconds = 1000;

/** An alert that fires and is told. */
interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

/** How messages go, which silences have ended, and of which alerts nobody is told; undefined for a stack without Alertmanager. */
export async function readAlertmanager({
  alertmanager,
  configs: [prometheus],
  prometheusUrl,
  dockerHost,
}: StackState): Promise<AlertmanagerNow | undefined> {
  if (alertmanager === undefined || prometheusUrl === undefined) return undefined;
  const place = { ...alertmanager, dockerHost };
  const prometheusPlace = {
    url: prometheusUrl,
    dockerHost,
    ...(prometheus && { container: prometheus.container }),
  };
  const [failing, ended, unrouted] = await Promise.all([
    tryReading(() => readFailing(prometheusPlace)),
    tryReading(() => readEndedSilences(place)),
    tryReading(async () =>
      findUnrouted(await readRunningConfig(place), await readAlertRules(prometheusPlace)),
    ),
  ]);
  return { container: alertmanager.container, failing, ended, unrouted };
}

/** Not those that have taken all of the last minutes' messages: they are repaired. */
function buildFailingQuery(): string {
  const count = (metric: string, time: string) =>
    `sum by (receiver_name, integration) (increase(${selectSeries(`alertmanager_${metric}_total`, server.name)}[${time}]))`;
  const lately = "10m";
  const taken = `(${count("notification_requests", lately)} - ${count("notification_requests_failed", lately)})`;
  const failed = "notifications_failed";
  return `${count(failed, "1h")} > 0 unless (${taken} > 0 and ${count(failed, lately)} == 0)`;
}

async function readFailing(prometheus: PrometheusPlace): Promise<FailingReceiver[]> {
  const failing = await queryPrometheus(prometheus, buildFailingQuery());
  return failing.map(({ metric, value }) => ({
    receiver: metric["receiver_name"] ?? "",
    integration: metric["integration"] ?? "",
    // Prometheus estimates what it has not seen.
    messages: Math.max(1, Math.round(value)),
  }));
}

/** Silences that ended by themselves within a day, while an alert that they silenced still fires. */
async function readEndedSilences(
  place: AlertmanagerPlace,
  now = Date.now(),
): Promise<EndedSilence[]> {
  const [silences, answer] = await Promise.all([
    listAllSilences(place),
    askAlertmanager(place, "/api/v2/alerts?active=true&silenced=false&inhibited=false"),
  ]);
  const alerts = JSON.parse(answer) as FiringAlert[];
  return silences
    .filter((silence) => isForgotten(silence, now))
    .flatMap((silence) => {
      const firing = alerts.filter(
        ({ labels, startsAt }) =>
          Date.parse(startsAt) < Date.parse(silence.endsAt) &&
          silence.matchers.every((matcher) => matches(matcher, labels)),
      );
      const names = [...new Set(firing.map(({ labels }) => labels["alertname"] ?? ""))].sort();
      return names.length === 0 ? [] : [{ silence, alerts: names }];
    });
}

function isForgotten({ status, endsAt, updatedAt, comment }: ListedSilence, now: number): boolean {
  const end = Date.parse(endsAt);
  return (
    status.state === "expired" &&
    end > now - day &&
    end - Date.parse(updatedAt) > endedByHandMilliseconds &&
    // It was about all alerts, and for as long as an update ran.
    comment !== updateComment
  );
}
