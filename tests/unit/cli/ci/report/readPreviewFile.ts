import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildReport, type StackReport } from "../../../../../cli/ci/report/buildReport";
import { parsePreview } from "../../../../../cli/ci/report/preview";
import { renderPlain } from "../../../../../cli/ci/report/words";

/** What Pulumi printed for a change of one stack; without its debug messages and with a name that says nothing. */
export function readPreviewText(name: string): string {
  return readFileSync(join(__dirname, "previews", `${name}.jsonl`), "utf8");
}

export function reportOf(text: string): StackReport {
  return buildReport("test", parsePreview(text), { unknowns: [], isHostSeen: true });
}

/** Each change as one line of text; a risky one with its risk. */
export function linesOf({ changes }: StackReport): string[] {
  return changes.map(({ subject, words, risk }) =>
    [...(risk === undefined ? [] : [`[${risk}]`]), `${subject}:`, renderPlain(words)].join(" "),
  );
}
