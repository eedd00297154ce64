import { setTimeout as sleep } from "node:timers/promises";
import { findNearestName } from "../../config/settings/findNearestName";
import { startDelaySeconds } from "../../config/servers/alertmanager";
import { testIntervalSeconds, testLabels } from "../../config/alertmanager/testRoutes";
import { connectDocker } from "../../host/docker/connectDocker";
import { readLogTail } from "../../host/docker/readLogTail";
import { ExplainedError, SetupError } from "../setupError";
import { showStep } from "../showStep";
import { type AlertmanagerPlace, askAlertmanager, postToAlertmanager } from "./askAlertmanager";
import { openAlertmanager } from "./openAlertmanager";
import { countWays, readRunningConfig } from "./runningConfig";

export interface TestReceiverOptions {
  /** Default: the stack that is selected. */
  readonly stack: string | undefined;
  /** Its name. Default: the only one that there is */
  readonly receiver: string | undefined;
}

/** What became of messages that a receiver was sent, by integration: `slack`, `email`. */
interface Counts {
  readonly requests: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  /** Messages that were given up, after several requests or at once. */
  readonly failed: ReadonlyMap<string, number>;
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
  const { receiver, integrations } = await readReceiver(place, receiverWanted);
  const before = await readCounts(place, receiver);
  const id = Date.now().toString(36);
  const start = new Date().toISOString();
  await postAlert(place, { receiver, id, start });
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
    postAlert(place, { receiver, id, start, end: new Date().toISOString() }).catch(() => undefined),
  );
  const lines = outcomes.map(renderOutcome).join("\n");
  if (outcomes.every(({ sent, taken }) => taken >= sent)) {
    console.log(`${receiver} took the test:\n${lines}`);
    console.log(
      "A message that the test is over follows within a minute, where the receiver gets such messages.",
    );
    return;
  }
  const reasons = await readReasons(place, id, timeoutSeconds).catch(() => []);
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

/** Who is to be told, and how many messages go out by each of its integrations. */
async function readReceiver(
  place: AlertmanagerPlace,
  wanted: string | undefined,
): Promise<{ receiver: string; integrations: ReadonlyMap<string, number> }> {
  const { route, receivers = [] } = await readRunningConfig(place);
  const matchers = (route?.routes ?? []).flatMap((each) => each.matchers ?? []);
  const testable = receivers.filter(({ name }) => matchers.includes(renderMatcher(name)));
  const names = testable.map(({ name }) => name);
  if (wanted === undefined && names.length !== 1) {
    throw new SetupError(
      `Say who is sent a test: --receiver ${names.join("|") || "with the name of a receiver"}.`,
    );
  }
  const found = testable.find(({ name }) => wanted === undefined || name === wanted);
  if (found === undefined) throw new SetupError(explainUnknown(wanted ?? "", names, receivers));
  const integrations = countWays(found);
  if (integrations.size === 0) {
    throw new SetupError(
      `The receiver ${found.name} has no way to be told, so that there is nothing to test.`,
    );
  }
  return { receiver: found.name, integrations };
}

function explainUnknown(
  wanted: string,
  testable: readonly string[],
  receivers: readonly { readonly name: string }[],
): string {
  if (!receivers.some(({ name }) => name === wanted)) {
    const nearest = findNearestName(wanted, testable);
    return (
      `Alertmanager has no receiver ${wanted}${nearest === undefined ? "." : `; did you mean ${nearest}?`} ` +
      `Known: ${testable.join(", ") || "none that can be tested"}.`
    );
  }
  return (
    `Alertmanager runs a configuration in which no test reaches ${wanted} alone. ` +
    "One that `alertmanager.receivers` makes has routes for that since the last `npm run up`; in a file of your own " +
    `(\`alertmanager.config\`), put this first under \`routes\`:\n` +
    `  - receiver: ${wanted}\n    matchers: ['${renderMatcher(wanted)}']\n    group_by: ["..."]\n` +
    `    group_wait: 0s\n    group_interval: ${testIntervalSeconds}s`
  );
}

/** As Alertmanager writes it. */
function renderMatcher(receiver: string): string {
  return `${testLabels.receiver}="${receiver}"`;
}

/** @param test its end is when it is over; without one it goes on */
async function postAlert(
  place: AlertmanagerPlace,
  test: { receiver: string; id: string; start: string; end?: string },
): Promise<void> {
  const alert = {
    labels: {
      alertname: "GlasshouseTest",
      severity: "info",
      [testLabels.receiver]: test.receiver,
      [testLabels.id]: test.id,
    },
    annotations: {
      summary: "A test: nothing is wrong",
      description: `Sent by npm run alert:test to see whether ${test.receiver} is told.`,
    },
    startsAt: test.start,
    ...(test.end !== undefined && { endsAt: test.end }),
  };
  await postToAlertmanager(place, "/api/v2/alerts", [alert]);
}

async function waitForOutcome(
  place: AlertmanagerPlace,
  {
    receiver,
    id,
    integrations,
    before,
    timeoutSeconds,
  }: {
    receiver: string;
    id: string;
    integrations: ReadonlyMap<string, number>;
    before: Counts;
    timeoutSeconds: number;
  },
): Promise<Outcome[]> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    await sleep(pollMilliseconds);
    const now = await readCounts(place, receiver);
    const outcomes = [...integrations].map(([integration, sent]): Outcome => {
      const since = (kind: keyof Counts) =>
        (now[kind].get(integration) ?? 0) - (before[kind].get(integration) ?? 0);
      return {
        integration,
        sent,
        taken: since("requests") - since("refused"),
        failed: since("failed"),
      };
    });
    if (outcomes.every(({ sent, taken, failed }) => taken + failed >= sent)) return outcomes;
    await rejectSuppressed(place, id);
    if (Date.now() > deadline) return outcomes;
  }
}

/** A silence may hold the test back, too. */
async function rejectSuppressed(place: AlertmanagerPlace, id: string): Promise<void> {
  const filter = encodeURIComponent(`${testLabels.id}="${id}"`);
  const answer = await askAlertmanager(place, `/api/v2/alerts?filter=${filter}`);
  const [alert] = JSON.parse(answer) as {
    status: { silencedBy: string[]; inhibitedBy: string[]; mutedBy?: string[] };
  }[];
  const silence = alert?.status.silencedBy[0];
  if (silence !== undefined) {
    throw new ExplainedError(
      `The test was not sent: the silence ${silence} holds it back. ` +
        `\`npm run silence -- list\` shows it, \`npm run silence -- expire ${silence}\` ends it.`,
    );
  }
  const others = [...(alert?.status.inhibitedBy ?? []), ...(alert?.status.mutedBy ?? [])];
  if (others.length === 0) return;
  throw new ExplainedError(
    `The test was not sent: Alertmanager holds it back because of ${others.join(", ")}.`,
  );
}

async function readCounts(place: AlertmanagerPlace, receiver: string): Promise<Counts> {
  const metrics = await askAlertmanager(place, "/metrics");
  const own = metrics.split("\n").filter((line) => line.includes(`receiver_name="${receiver}"`));
  const count = (metric: string) => {
    const counts = new Map<string, number>();
    for (const line of own) {
      const [, labels = "", value] =
        new RegExp(`^alertmanager_${metric}\\{(.*)\\} (\\S+)$`).exec(line) ?? [];
      const integration = /(?:^|,)integration="([^"]*)"/.exec(labels)?.[1];
      // One series for each reason to give up.
      if (integration !== undefined) {
        counts.set(integration, (counts.get(integration) ?? 0) + Number(value));
      }
    }
    return counts;
  };
  return {
    requests: count("notification_requests_total"),
    refused: count("notification_requests_failed_total"),
    failed: count("notifications_failed_total"),
  };
}

/** What Alertmanager's log says once it has given up, of all ways together. */
const finalMessage = 'msg="Notify for alerts failed"';

/** Why a test was not taken, as Alertmanager's log has it: the last that it says of each integration. */
async function readReasons(
  place: AlertmanagerPlace,
  id: string,
  timeoutSeconds: number,
): Promise<string[]> {
  const docker = await connectDocker(place.dockerHost);
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const log = await readLogTail(docker.getContainer(place.container), 200);
    // Its metrics know earlier than its log, and count other messages to the receiver as well.
    if (Date.now() > deadline || listLines(log, id).some((line) => line.includes(finalMessage))) {
      return findReasons(log, id);
    }
    await sleep(pollMilliseconds);
  }
}

function findReasons(log: string, id: string): string[] {
  const lines = listLines(log, id);
  const final = lines.filter((line) => line.includes(finalMessage)).at(-1);
  const [, quoted] = / err=("(?:[^"\\]|\\.)*")/.exec(final ?? lines.at(-1) ?? "") ?? [];
  if (quoted === undefined) return [];
  const reasons = (JSON.parse(quoted) as string).split("\n");
  // Telegram's address has the bot's token in it.
  return reasons.map((reason) => reason.replace(/\/bot[^/\s"]+/g, "/bot<redacted>"));
}

/** What Alertmanager says about a test's failures. */
function listLines(log: string, id: string): string[] {
  return log
    .split("\n")
    .filter((line) => line.includes(`${testLabels.id}=\\"${id}\\"`) && line.includes(" err="));
}
