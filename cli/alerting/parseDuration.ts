import { SetupError } from "../setupError";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const longest = 90 * day;

/**
 * Reads how long a silence lasts.
 *
 * @param text such as `30m`, `2h`, `1h30m` or `3d`
 * @returns milliseconds
 * @throws SetupError for anything else, and for more than 90 days: what is silent for good should not be an alert
 */
export function parseDuration(text: string | undefined): number {
  const [, days = 0, hours = 0, minutes = 0] =
    /^(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,6})m)?$/.exec(text ?? "") ?? [];
  const milliseconds = Number(days) * day + Number(hours) * hour + Number(minutes) * minute;
  if (milliseconds > 0 && milliseconds <= longest) return milliseconds;
  throw new SetupError(
    `--for must be a time such as 30m, 2h, 1h30m or 3d, at most 90d, got ${text ?? "nothing"}. ` +
      "`prometheus.alerts.disabled` in the stack file is for alerts that nobody wants.",
  );
}
