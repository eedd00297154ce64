import { findNearestName } from "../../config/settings/findNearestName";
import { locatePrometheus } from "../askPrometheus";
import { SetupError } from "../setupError";
import { readAlertRules } from "./alertRules";
import { expireSilence } from "./askAlertmanager";
import { openAlertmanager, type OpenedAlertmanager } from "./openAlertmanager";
import { parseDuration } from "./parseDuration";
import {
  type ListedSilence,
  listSilences,
  matchAny,
  putSilence,
  readAuthor,
  renderMatchers,
  renderMinute,
} from "./silences";

export interface SilenceOptions {
  /** Default: the stack that is selected. */
  readonly stack: string | undefined;
  /** Nothing to add a silence, `list`, or `expire` and an id or the beginning of one. */
  readonly action: readonly string[];
  readonly apps: readonly string[];
  readonly alerts: readonly string[];
  /** How long, such as `2h`. */
  readonly for: string | undefined;
  readonly reason: string | undefined;
}

/** Keeps alerts from being told, shows which ones are, or ends that. */
export async function silence(options: SilenceOptions): Promise<void> {
  const [action, ...rest] = options.action;
  switch (action) {
    case undefined:
      return addSilence(options);
    case "list":
      return showSilences(await openAlertmanager(options.stack));
    case "expire":
      return endSilence(options.stack, rest);
    default:
      throw new SetupError(
        `silence knows no ${action}: \`list\`, \`expire <id>\`, or nothing to add one.`,
      );
  }
}

async function addSilence({
  stack: wanted,
  apps,
  alerts,
  ...given
}: SilenceOptions): Promise<void> {
  // Before anything is asked.
  if (apps.length === 0 && alerts.length === 0) {
    throw new SetupError(
      "Say what is silenced: --app with the name of an app, --alert with the name of an alert, or both.",
    );
  }
  const milliseconds = parseDuration(given.for);
  const reason = given.reason?.trim();
  if (!reason) throw new SetupError('Say why, for whoever finds it: --reason "…".');

  const opened = await openAlertmanager(wanted);
  const { stack, outputs, alertmanager } = opened;
  rejectUnknown("app", apps, Object.keys(outputs.appUrls));
  if (alerts.length > 0) {
    const rules = await readAlertRules(locatePrometheus(opened));
    rejectUnknown("alert", alerts, [...new Set(rules.map(({ name }) => name))]);
  }
  const now = Date.now();
  const added = {
    matchers: [
      ...(apps.length > 0 ? [matchAny("app", apps)] : []),
      ...(alerts.length > 0 ? [matchAny("alertname", alerts)] : []),
    ],
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + milliseconds).toISOString(),
    createdBy: readAuthor(),
    comment: reason,
  };
  const id = await putSilence(alertmanager, added);
  console.log(
    `Nobody is told of alerts with ${renderMatchers(added.matchers)} until ${renderMinute(added.endsAt)}.\n` +
      `To end it earlier: npm run silence -- expire ${id} --stack ${stack}`,
  );
}

async function showSilences({ stack, alertmanager }: OpenedAlertmanager): Promise<void> {
  const silences = await listSilences(alertmanager);
  if (silences.length === 0) console.log(`The stack ${stack} has no silence: all alerts are told.`);
  for (const silence of silences) console.log(renderSilence(silence));
}

async function endSilence(stackWanted: string | undefined, ids: readonly string[]): Promise<void> {
  const [start, ...others] = ids;
  if (start === undefined || others.length > 0) {
    throw new SetupError("Name one silence: npm run silence -- expire <id>; `list` shows them.");
  }
  const { stack, alertmanager } = await openAlertmanager(stackWanted);
  const silences = await listSilences(alertmanager);
  const [meant, another] = silences.filter(({ id }) => id.startsWith(start));
  if (meant === undefined || another !== undefined) {
    const known = silences.map((each) => `\n${renderSilence(each)}`).join("");
    throw new SetupError(
      `${meant === undefined ? "No silence" : "More than one silence"} of the stack ${stack} starts with ${start}. ` +
        (known === "" ? "None is in force." : `In force:${known}`),
    );
  }
  await expireSilence(alertmanager, meant.id);
  console.log(`Alerts with ${renderMatchers(meant.matchers)} are told again.`);
}

function renderSilence({
  id,
  matchers,
  endsAt,
  createdBy,
  comment,
  status,
}: ListedSilence): string {
  const when = status.state === "pending" ? "later, until" : "until";
  return `  ${id}  ${renderMatchers(matchers)}  ${when} ${renderMinute(endsAt)}  ${createdBy}: ${comment}`;
}

function rejectUnknown(what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = findNearestName(unknown, known);
  throw new SetupError(
    `There is no ${what} ${unknown}${nearest === undefined ? "." : `; did you mean ${nearest}?`} ` +
      `Known: ${[...known].sort().join(", ") || "none"}.`,
  );
}
