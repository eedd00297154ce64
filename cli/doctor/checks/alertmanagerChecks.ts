import { heartbeatReceiver } from "../../../config/alertmanager/alertmanagerConfig";
import { renderMatchers, renderMinute } from "../../alerting/silences";
import type { Commands } from "../commands";
import type { AlertmanagerNow, FailingReceiver } from "../facts";
import { listSome } from "./listSome";
import { type Finding, type Note, type Row, weights } from "../report";

/** Whether those who are to be told of alerts take the messages. */
export function checkReceivers(
  stack: string,
  { container, failing }: AlertmanagerNow,
  { docker }: Commands,
): Row[] {
  const subject = "receivers";
  const log = `${docker} logs --tail 20 ${container}`;
  const found = (about: string, problem: string, fix: string): Finding => ({
    subject: about,
    problem,
    fix,
    weight: weights.configuration,
  });
  const findings =
    "problem" in failing
      ? [found(subject, `could not be looked at: ${failing.problem}`, log)]
      : failing.value.map((each) =>
          found(renderReceiver(each), renderProblem(each), renderFix(each, stack, log)),
        );
  return [{ subject, detail: "no message was refused in the last hour", findings }];
}

/** Silences that nobody may remember: what they silenced is told again. */
export function findEndedSilences({ ended }: AlertmanagerNow): Note[] {
  if ("problem" in ended) return [];
  return ended.value.map(({ silence, alerts }) => ({
    subject: "silence",
    text:
      `of ${renderMatchers(silence.matchers)} ended at ${renderMinute(silence.endsAt)}, while what it silenced still fires: ` +
      `${alerts.join(", ")}. By ${silence.createdBy}: ${silence.comment}`,
  }));
}

/** Alerts whose route ends at nobody: perhaps on purpose, so that it is no finding. */
export function findUnroutedAlerts({ unrouted }: AlertmanagerNow): Note[] {
  if ("problem" in unrouted) return [];
  const { alerts, areAll } = unrouted.value;
  if (alerts.length === 0) return [];
  const which = areAll ? "any alert" : listSome(alerts);
  const why = "the route ends at a receiver that has no way to be told";
  return [{ subject: "routes", text: `nobody is told of ${which}: ${why}` }];
}

function renderReceiver({ receiver }: FailingReceiver): string {
  return receiver === heartbeatReceiver ? "heartbeat" : `receiver ${receiver}`;
}

function renderProblem({ integration, messages }: FailingReceiver): string {
  const count = messages === 1 ? "a message" : `${messages} messages`;
  return `did not take ${count} by ${integration} in the last hour`;
}

function renderFix({ receiver }: FailingReceiver, stack: string, log: string): string {
  // No test goes to the heartbeat: it would look alive.
  if (receiver === heartbeatReceiver) return `${log}   (shows why)`;
  return `npm run alert:test -- --stack ${stack} --receiver ${receiver}   (says why; so does ${log})`;
}
