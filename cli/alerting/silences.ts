import { userInfo } from "node:os";
import { type AlertmanagerPlace, askAlertmanager, postToAlertmanager } from "./askAlertmanager";

/** @see https://prometheus.io/docs/alerting/latest/alerts_api/ */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface Silence {
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

/** A silence as Alertmanager lists it. */
export interface ListedSilence extends Silence {
  readonly id: string;
  readonly updatedAt: string;
  readonly status: { readonly state: "active" | "pending" | "expired" };
}

/**
 * Adds a silence, or changes one.
 *
 * @param id the one to change
 * @returns its id
 */
export async function putSilence(
  place: AlertmanagerPlace,
  silence: Silence,
  id?: string,
): Promise<string> {
  const answer = await postToAlertmanager(place, "/api/v2/silences", {
    ...(id !== undefined && { id }),
    ...silence,
  });
  return (JSON.parse(answer) as { silenceID: string }).silenceID;
}

/** Silences that are in force or will be, those that end first before others. */
export async function listSilences(place: AlertmanagerPlace): Promise<ListedSilence[]> {
  const all = await listAllSilences(place);
  return all
    .filter(({ status }) => status.state !== "expired")
    .sort((a, b) => a.endsAt.localeCompare(b.endsAt));
}

/** Ended ones as well, as long as Alertmanager keeps them: five days. */
export async function listAllSilences(place: AlertmanagerPlace): Promise<ListedSilence[]> {
  return JSON.parse(await askAlertmanager(place, "/api/v2/silences")) as ListedSilence[];
}

/** Matches one of some values. */
export function matchAny(name: string, values: readonly string[]): Matcher {
  const [only = "", ...others] = values;
  if (others.length === 0) return { name, value: only, isRegex: false, isEqual: true };
  return { name, value: values.map(escapePattern).join("|"), isRegex: true, isEqual: true };
}

/** Whether an alert with these labels is meant. */
export function matches(
  { name, value, isRegex, isEqual }: Matcher,
  labels: Readonly<Record<string, string>>,
): boolean {
  const found = labels[name] ?? "";
  return (isRegex ? fits(value, found) : found === value) === isEqual;
}

/** A pattern of Alertmanager's that is none of JavaScript's fits nothing. */
function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "s").test(text);
  } catch {
    return false;
  }
}

export function renderMatchers(matchers: readonly Matcher[]): string {
  return matchers
    .map(({ name, value, isRegex, isEqual }) => {
      const operator = isRegex ? (isEqual ? "=~" : "!~") : isEqual ? "=" : "!=";
      return `${name}${operator}${JSON.stringify(value)}`;
    })
    .join(", ");
}

/** Who makes a silence: the user of this machine. */
export function readAuthor(): string {
  const { USER: user, LOGNAME: logName, USERNAME: userName } = process.env;
  return user || logName || userName || readAccountName();
}

function readAccountName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an account, as in a container.
    return "unknown";
  }
}

/** `2026-11-27 07:30 UTC`. */
export function renderMinute(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
