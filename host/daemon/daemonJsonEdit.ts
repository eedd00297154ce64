import { byteOrderMark, findProperties, type DaemonKeys, type PropertyPlace } from "./daemonJson";
import type { PreviousValue } from "./previousValue";

/**
 * Sets keys in a daemon.json that `parseDaemonJson` accepted, and touches nothing else: order, indentation, line
 * ends, a byte order mark, the final newline and every other value stay as their author wrote them. A key that already
 * holds the value is left as it is written. jsonc-parser's own `modify` is not used, because it reformats neighbours.
 *
 * @param text the file's text; `undefined` when there is no file
 */
export function mergeKeys(text: string | undefined, desired: DaemonKeys): string {
  let merged = text ?? "";
  for (const [key, value] of Object.entries(desired)) merged = setKey(merged, key, value);
  return merged;
}

/** Puts keys back to what they were: removes those that were absent, sets the others. */
export function removeOrRestoreKeys(
  text: string,
  previousByKey: Readonly<Record<string, PreviousValue>>,
): string {
  let restored = text;
  for (const [key, previous] of Object.entries(previousByKey)) {
    restored =
      "absent" in previous ? removeKey(restored, key) : setKey(restored, key, previous.value);
  }
  return restored;
}

/** Whether two JSON values mean the same, whatever the order of their keys. */
export function isSameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(sortKeys(one)) === JSON.stringify(sortKeys(other));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

function splitMark(text: string): readonly [mark: string, body: string] {
  return text.startsWith(byteOrderMark) ? [byteOrderMark, text.slice(1)] : ["", text];
}

function setKey(text: string, key: string, value: unknown): string {
  const [mark, body] = splitMark(text);
  const { properties, inside } = findProperties(body);
  const written = JSON.stringify(value);
  const eol = body.includes("\r\n") ? "\r\n" : "\n";
  if (inside === undefined) return `${mark}{${eol}  "${key}": ${written}${eol}}${eol}`;
  const found = properties.find((property) => property.key === key);
  if (found !== undefined) {
    const current: unknown = JSON.parse(body.slice(found.valueStart, found.valueEnd));
    if (isSameValue(current, value)) return text;
    return mark + body.slice(0, found.valueStart) + written + body.slice(found.valueEnd);
  }
  const last = properties.at(-1);
  if (last === undefined) {
    const opened = `${body.slice(0, inside.start)}${eol}  "${key}": ${written}${eol}`;
    return mark + opened + body.slice(inside.end);
  }
  const gap = readGapBefore(body, last);
  const colon = body.slice(last.keyEnd, last.valueStart);
  return `${mark}${body.slice(0, last.end)},${gap}"${key}"${colon}${written}${body.slice(last.end)}`;
}

function removeKey(text: string, key: string): string {
  const [mark, body] = splitMark(text);
  const { properties, inside } = findProperties(body);
  const index = properties.findIndex((property) => property.key === key);
  const found = properties[index];
  if (found === undefined || inside === undefined) return text;
  const previous = properties[index - 1];
  const next = properties[index + 1];
  const [start, end] =
    next !== undefined
      ? [found.start, next.start]
      : previous !== undefined
        ? [previous.end, found.end]
        : [inside.start, inside.end];
  return mark + body.slice(0, start) + body.slice(end);
}

/** The white space that the file's author puts before a property, without blank lines. */
function readGapBefore(body: string, property: PropertyPlace): string {
  const gap = /\s*$/.exec(body.slice(0, property.start))?.[0] ?? "";
  const lastLineStart = gap.lastIndexOf("\n");
  if (lastLineStart === -1) return gap;
  const eol = gap[lastLineStart - 1] === "\r" ? "\r\n" : "\n";
  return eol + gap.slice(lastLineStart + 1);
}
