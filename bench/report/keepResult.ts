import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../cli/versions";
import type { BenchResult } from "./benchResult";
import { renderGoals } from "./renderGoals";

const jsonFile = join(projectFolder, "docs", "benchmarks.json");
const documentFile = join(projectFolder, "docs", "benchmarks.md");

/** The run that was kept last; undefined when there is none. */
export function readKept(): BenchResult | undefined {
  if (!existsSync(jsonFile)) return undefined;
  const kept = JSON.parse(readFileSync(jsonFile, "utf8")) as BenchResult;
  return (kept.version as number) === 1 ? kept : undefined;
}

/** Keeps a run in `docs/`, in place of the one before. */
export function keepResult(result: BenchResult, report: string): void {
  writeFileSync(jsonFile, `${JSON.stringify(result, undefined, 2)}\n`);
  writeIntoDocument("results", report);
  writeIntoDocument("goals", renderGoals(result));
}

/** Replaces a part of `docs/benchmarks.md`. */
export function writeIntoDocument(part: string, text: string): void {
  writeFileSync(documentFile, replacePart(readFileSync(documentFile, "utf8"), part, text));
}

/**
 * Replaces what stands between two marks of a Markdown document.
 *
 * @throws Error when the document lacks one of the marks
 */
export function replacePart(document: string, part: string, text: string): string {
  const [begin, end] = [`<!-- ${part}:begin -->`, `<!-- ${part}:end -->`];
  const [start, stop] = [document.indexOf(begin), document.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`the document lacks ${begin} and ${end}`);
  const unformatted = ["<!-- prettier-ignore-start -->", text, "<!-- prettier-ignore-end -->"];
  return (
    document.slice(0, start + begin.length) +
    `\n\n${unformatted.join("\n\n")}\n\n` +
    document.slice(stop)
  );
}
