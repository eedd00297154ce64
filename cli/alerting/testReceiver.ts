import { setTimeout as sleep } from "node:timers/promises";
import { testIntervalSeconds } from "../../config/alertmanager/testRoutes";
import { startDelaySeconds } from "../../config/servers/alertmanager";
import { ExplainedError } from "../setupError";
import { showStep } from "../showStep";
import { type AlertmanagerPlace, askAlertmanager } from "./askAlertmanager";
import { readFailureReasons } from "./failureReasons";
import { type NotificationCounts, readNotificationCounts } from "./notificationCounts";
import { openAlertmanager } from "./openAlertmanager";
import { postTestAlert, rejectSuppressedTest } from "./testAlert";
import { readTestedReceiver, type TestedReceiver } from "./testedReceiver";

export interface TestReceiverOptions {
  /** Default: the stack that is selected. */
  readonly stack: string | undefined;
  /** Its name. Default: the only one that there is */
  readonly receiver: string | undefined;
}

interface Outcome {
  readonly integration: string;
  readonly sent: number;
  readonly taken: number;
  readonly failed: number;
}

const pollMilliseconds = 500;
/** Alertmanager has given up by then. */
const waitSeconds = testIntervalSeconds + 15;

/** Sends a receiver a test through all of Alertmanager, and tells whether it was taken. */
export async function testReceiver(options: TestReceiverOptions): Promise<void> {
  const { alertmanager } = await openAlertmanager(options.stack);
  await sendTest(alertmanager, options.receiver);
}

/**
 * @param receiverWanted default: the only one that there is
 * @param timeoutSeconds how long to wait for an answer of the receiver's
 * @throws SetupError when a part of the receiver does not take it, with Alertmanager's reason
 */
export async function sendTest(
  place: AlertmanagerPlace,
  receiverWanted: string | undefined,
  timeoutSeconds = waitSeconds,
): Promise<void> {
  const { receiver, integrations } = await readTestedReceiver(place, receiverWanted);
  const before = await readNotificationCounts(place, receiver);
  const id = Date.now().toString(36);
  const start = new Date().toISOString();
  await postTestAlert(place, { receiver, id, start });
  const delay = await readStartDelay(place);
  const title =
    `Sending ${receiver} a test` +
    (delay === 0 ? "" : ` (Alertmanager has just started: it sends nothing for ${delay} s)`);
  const outcomes = await showStep(title, () =>
    waitForOutcome(place, {
      ...{ receiver, id, integrations, before },
      timeoutSeconds: timeoutSeconds + delay,
    }),
  ).finally(() =>
    // Otherwise it would be told as over only minutes later.
    postTestAlert(place, { receiver, id, start, end: new Date().toISOString() }).catch(
      () => undefined,
    ),
  );
  const lines = outcomes.map(renderOutcome).join("\n");
  if (outcomes.every(({ sent, taken }) => taken >= sent)) {
    console.log(`${receiver} took the test:\n${lines}`);
    console.log(
      "A message that the test is over follows within a minute, where the receiver gets such messages.",
    );
    return;
  }
  const reasons = await readFailureReasons(place, id, timeoutSeconds).catch(() => []);
  throw new ExplainedError(
    `${receiver} did not take the test:\n${lines}\n` +
      (reasons.length === 0
        ? `Alertmanager's log may say why: docker logs --tail 20 ${place.container}`
        : `Alertmanager says:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`),
  );
}

/** Seconds until it sends anything, after a start. */
async function readStartDelay(place: AlertmanagerPlace): Promise<number> {
  const { uptime } = JSON.parse(await askAlertmanager(place, "/api/v2/status")) as {
    uptime: string;
  };
  const runsFor = (Date.now() - Date.parse(uptime)) / 1000;
  // Another host's clock may be ahead.
  return Math.ceil(Math.min(startDelaySeconds, Math.max(0, startDelaySeconds - runsFor)));
}

function renderOutcome({ integration, sent, taken, failed }: Outcome): string {
  const count = sent === 1 ? "" : `${taken} of ${sent}: `;
  if (taken >= sent) return `  ✓ ${integration}   ${count}taken`;
  return `  ✗ ${integration}   ${count}${failed > 0 ? "given up" : "no answer yet; Alertmanager goes on trying"}`;
}

async function waitForOutcome(
  place: AlertmanagerPlace,
  {
    receiver,
    id,
    integrations,
    before,
    timeoutSeconds,
  }: TestedReceiver & {
    id: string;
    before: NotificationCounts;
    timeoutSeconds: number;
  },
): Promise<Outcome[]> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    await sleep(pollMilliseconds);
    const now = await readNotificationCounts(place, receiver);
    const outcomes = [...integrations].map(([integration, sent]): Outcome => {
      const since = (kind: keyof NotificationCounts) =>
        (now[kind].get(integration) ?? 0) - (before[kind].get(integration) ?? 0);
      return {
        integration,
        sent,
        taken: since("requests") - since("refused"),
        failed: since("failed"),
      };
    });
    if (outcomes.every(({ sent, taken, failed }) => taken + failed >= sent)) return outcomes;
    await rejectSuppressedTest(place, id);
    if (Date.now() > deadline) return outcomes;
  }
}
