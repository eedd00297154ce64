import { weekdays, type MuteTimeSettings } from "../settings/alertmanagerSettings";

/** @see https://prometheus.io/docs/alerting/latest/configuration/#time_interval */
export interface TimeInterval {
  readonly name: string;
  readonly time_intervals: readonly {
    readonly times?: readonly { readonly start_time: string; readonly end_time: string }[];
    readonly weekdays?: readonly string[];
    readonly location: string;
  }[];
}

const endOfDay = "24:00";

/** A time in which nothing is sent. Alertmanager knows none that goes past midnight: such a one is two. */
export function buildTimeInterval({
  name,
  days,
  from,
  to,
  timeZone,
}: MuteTimeSettings): TimeInterval {
  const part = (start_time: string, end_time: string, on: readonly string[]) => ({
    times: [{ start_time, end_time }],
    ...(on.length > 0 && { weekdays: on }),
    location: timeZone,
  });
  // Times of one form, so that their order is that of their texts.
  if (from < to) return { name, time_intervals: [part(from, to, days)] };
  const nextDays = days.map(
    (day) => weekdays[(weekdays.indexOf(day) + 1) % weekdays.length] ?? day,
  );
  return {
    name,
    time_intervals: [
      part(from, endOfDay, days),
      ...(to === "00:00" ? [] : [part("00:00", to, nextDays)]),
    ],
  };
}
