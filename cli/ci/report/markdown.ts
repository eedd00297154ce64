import type { Words } from "./words";

/**
 * A value as a code span: nothing in it is markup, HTML, a mention or a link.
 *
 * @see https://spec.commonmark.org/0.31.2/#code-spans
 */
export function codeSpan(value: string): string {
  // Control characters would end the line, or be invisible.
  const text = value.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  if (text === "") return "``(empty)``";
  const fence = "`".repeat(longestRun(text) + 1);
  const padding = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${padding}${text}${padding}${fence}`;
}

/** Text of several lines as a block in which nothing is markup. */
export function codeBlock(text: string, language: "diff" | "text"): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

export function renderWords(words: Words): string {
  return words.map((part) => (typeof part === "string" ? part : codeSpan(part.quoted))).join("");
}

/** Words of a program, such as a warning: code where anything in them could be markup. */
export function safeSentence(text: string): string {
  const isPlain = /^[\p{L}\p{N} .,;:'()/→=%–-]*$/u.test(text) && !/:\/\/|www\./i.test(text);
  return isPlain ? text : codeSpan(text);
}

/** A part that opens by a click. */
export function foldedAway(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** The first lines of a text, with a note when there are more. */
export function cutLines(text: string, limits: { lines: number; length: number }): string {
  const lines = text.trimEnd().split("\n");
  const kept: string[] = [];
  let length = 0;
  for (const line of lines.slice(0, limits.lines)) {
    const short = line.length > 400 ? `${line.slice(0, 400)} …` : line;
    length += short.length + 1;
    if (length > limits.length) break;
    kept.push(short);
  }
  const left = lines.length - kept.length;
  return left === 0 ? kept.join("\n") : [...kept, `… ${left} more lines are left out`].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
