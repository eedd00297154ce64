import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchStack } from "../benchStack";
import { readSpans, type Span } from "./readSpans";

/** Runs a command of Pulumi, and reads what it did when from the trace that it writes into a folder. */
export async function traceCommand(
  stack: BenchStack,
  folder: string,
  command: string,
  ...flags: string[]
): Promise<Span[]> {
  const file = join(folder, `${command}.trace.json`);
  await stack.run(command, ...flags, "--otel-traces", `file://${file}`);
  return readSpans(readFileSync(file, "utf8"));
}
