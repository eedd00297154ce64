import { componentTypes } from "../../../../resources/types";
import { typeToken } from "../../../../resources/types";
import { asText, type Change, isChange, ofType, types } from "../plan";
import type { Preview } from "../preview";
import { join, list, say, type Words } from "../words";

const subject = "HOST";

/** The engine: its settings, its restart, and whether the stack moves to another one. */
export function describeHost(preview: Preview, isHostSeen: boolean): Change[] {
  return [...describeMove(preview), ...describeDaemonJson(preview, isHostSeen)];
}

/** How daemon.json changes on one host. */
export interface DaemonJsonDiff {
  /** Another node of the Swarm; undefined for the stack's own host. */
  readonly node: string | undefined;
  readonly text: string;
}

/** The text diffs of daemon.json that the program showed; credentials in them are masked. */
export function findDaemonJsonDiffs(preview: Preview): DaemonJsonDiff[] {
  return findMessages(preview)
    .filter((message) => message.includes("\n--- "))
    .map((message) => ({
      node: /^(\S+): /.exec(message)?.[1],
      text: message.slice(message.indexOf("\n--- ") + 1),
    }));
}

function describeMove(preview: Preview): Change[] {
  return ofType(preview, types.provider).flatMap(({ before, after }) => {
    const was = asText(before?.["host"]);
    const now = asText(after?.["host"]);
    if (was === "" || now === "" || was === now) return [];
    return [{ subject, words: say`the stack moves from ${was} to ${now}`, risk: "another host" }];
  });
}

function describeDaemonJson(preview: Preview, isHostSeen: boolean): Change[] {
  const step = ofType(preview, typeToken("DaemonSettings")).find(isChange);
  const diffs = findDaemonJsonDiffs(preview);
  const restarts = findMessages(preview).filter((text) => text.startsWith("The Docker Engine "));
  if (step === undefined && diffs.length === 0 && restarts.length === 0) return [];
  if (!isHostSeen) {
    const address = asText(step?.after?.["metricsAddress"]);
    const wanted = address === "" ? [] : say` for the engine's metrics at ${address}`;
    const words = say`daemon.json may change${wanted}, and the engine may restart: the host could not be looked at`;
    return [{ subject, words, risk: "host setting" }];
  }
  const parts: Words[] = [
    diffs.length === 0 ? ["daemon.json stays as it is"] : join(diffs.map(describeKeys), "; "),
    ...restarts.map((text) => [
      text.replace(/^The Docker Engine /, "the engine ").replace(/\.$/, ""),
    ]),
  ];
  // Sentences of `engine/`, which may name containers of others.
  const words = parts.map((part, index) => (index === 0 ? part : part.map(quoteStrange)));
  return [{ subject, words: join(words, "; "), risk: "host setting" }];
}

/** Sentences of the program itself have no markup in them; what does is a foreign name. */
function quoteStrange(part: Words[number]): Words[number] {
  return typeof part === "string" && /[`<>@[\]*_|\\]/.test(part) ? { quoted: part } : part;
}

function describeKeys({ node, text }: DaemonJsonDiff): Words {
  const file = node === undefined ? ["daemon.json"] : say`daemon.json of ${node}`;
  const lines = text.split("\n");
  const keysAfter = (sign: string) =>
    lines.flatMap((line) => {
      const key = line.startsWith(sign) ? /^\s*"([^"]+)"\s*:/.exec(line.slice(1))?.[1] : undefined;
      return key === undefined ? [] : [key];
    });
  const added = keysAfter("+");
  const removed = keysAfter("-");
  const parts = [
    { verb: "gains", keys: added.filter((key) => !removed.includes(key)) },
    { verb: "changes", keys: added.filter((key) => removed.includes(key)) },
    { verb: "loses", keys: removed.filter((key) => !added.includes(key)) },
  ].filter(({ keys }) => keys.length > 0);
  if (parts.length === 0) return say`${file} changes`;
  return say`${file} ${join(
    parts.map(({ verb, keys }) => say`${[verb]} ${list(keys)}`),
    ", ",
  )}`;
}

/** What `components/engineMetrics.ts` says in a preview. */
function findMessages({ diagnostics }: Preview): string[] {
  return diagnostics
    .filter(({ urn }) => urn?.includes(componentTypes.engineMetrics) === true)
    .map(({ message }) => message);
}
