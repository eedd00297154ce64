import type { Phase } from "./report/benchResult";

/** A line of output, and when it came, in seconds from the start. */
export interface TimedLine {
  readonly at: number;
  readonly text: string;
}

const looking = "looking at engine, network, Pulumi and images";

/** What each line begins; a line that begins nothing belongs to what goes on. */
const beginnings: readonly (readonly [line: RegExp, title: string | undefined])[] = [
  [/^Installing the project's dependencies/, "the project's dependencies (npm ci)"],
  [/^added \d+ packages/, looking],
  // `showStep` announces a step by its title, and tells when it ended.
  [/^ {2}… (.*)$/, undefined],
  [/^ {2}✓ /, looking],
  [/^Deploying the stack/, "pulumi up"],
];

/** What the output of `npm run up` tells about how long its parts took; those of one title are added up. */
export function findUpPhases(lines: readonly TimedLine[], end: number): Phase[] {
  const seconds = new Map<string, number>();
  let current = { title: looking, since: 0 };
  const finish = (at: number) =>
    seconds.set(current.title, (seconds.get(current.title) ?? 0) + at - current.since);
  for (const { at, text } of lines) {
    const title = findBeginning(text);
    if (title === undefined) continue;
    finish(at);
    current = { title, since: at };
  }
  finish(end);
  return [...seconds].map(([title, took]) => ({ title, seconds: took }));
}

function findBeginning(text: string): string | undefined {
  for (const [line, title] of beginnings) {
    const match = line.exec(text);
    if (match) return title ?? match[1];
  }
  return undefined;
}
