import { setTimeout as sleep } from "node:timers/promises";
import { withInterruption } from "../backup/interruption";
import { type AlertmanagerPlace, expireSilence } from "./askAlertmanager";
import { listSilences, type Matcher, putSilence, readAuthor, renderMinute } from "./silences";

/** What a silence of an update's own says, by which others know it. */
export const updateComment = "npm run up -- --silence";

const minute = 60_000;
/** A run that is killed leaves no longer silence behind. */
const lasts = 10 * minute;
const renewedEvery = 2 * minute;

/** All alerts; a heartbeat goes on, since it says that alerting works. */
const matchers: readonly Matcher[] = [
  // A silence has to have a matcher that nothing does not match.
  { name: "alertname", value: ".+", isRegex: true, isEqual: true },
  { name: "alertname", value: "Watchdog", isRegex: false, isEqual: false },
];

interface Times {
  readonly renewMilliseconds?: number;
  /** Between attempts to end the silence: Alertmanager may have been restarted just now. */
  readonly retryMilliseconds?: number;
}

/**
 * Does some work during which nobody is told of alerts; nothing is left of that afterwards, whether the work ends, fails or is
 * interrupted.
 *
 * @param locate where Alertmanager is, before the work and after it; undefined where none runs
 */
export async function silenceWhile<T>(
  locate: () => Promise<AlertmanagerPlace | undefined>,
  work: (signal: AbortSignal) => Promise<T>,
  { renewMilliseconds = renewedEvery, retryMilliseconds = 2000 }: Times = {},
): Promise<T> {
  const silently = async (signal: AbortSignal) => {
    const place = await locate();
    if (place === undefined) {
      console.log("  No Alertmanager runs yet, so there is nothing to silence.");
      return work(signal);
    }
    const silence = new RenewedSilence(place);
    try {
      await silence.renew();
    } catch (error) {
      console.log(`  Alerts are not silenced: ${(error as Error).message}`);
      return work(signal);
    }
    console.log("  Nobody is told of alerts until this is done.");
    let renewing: Promise<void> = Promise.resolve();
    // Alertmanager may be restarted by the work: the next attempt finds it again.
    const timer = setInterval(() => {
      renewing = renewing.then(() => silence.renew()).catch(() => undefined);
    }, renewMilliseconds);
    try {
      return await work(signal);
    } finally {
      clearInterval(timer);
      await renewing;
      // The work may have moved it to another port.
      await silence.end((await locate().catch(() => undefined)) ?? place, retryMilliseconds);
    }
  };
  // What is interrupted says so itself, and so does the end of the silence.
  return withInterruption(silently, () => undefined);
}

class RenewedSilence {
  private id: string | undefined;
  private endsAt = "";

  constructor(private readonly place: AlertmanagerPlace) {}

  async renew(): Promise<void> {
    const now = Date.now();
    // One that begins at another time would be another silence.
    const current = (await listSilences(this.place)).find(({ id }) => id === this.id);
    const endsAt = new Date(now + lasts).toISOString();
    const silence = {
      matchers,
      startsAt: current?.startsAt ?? new Date(now).toISOString(),
      endsAt,
      createdBy: readAuthor(),
      comment: updateComment,
    };
    this.id = await putSilence(this.place, silence, current?.id);
    this.endsAt = endsAt;
  }

  async end(place: AlertmanagerPlace, retryMilliseconds: number): Promise<void> {
    if (this.id === undefined) return;
    for (let attempt = 1; ; attempt++) {
      try {
        await expireSilence(place, this.id);
        console.log("  Alerts are told again.");
        return;
      } catch (error) {
        if (attempt === 5) {
          console.log(
            `  The silence could not be ended, and ends by itself at ${renderMinute(this.endsAt)}: ${(error as Error).message}`,
          );
          return;
        }
      }
      await sleep(retryMilliseconds);
    }
  }
}
