import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Workplace } from "../bench";
import { scenarioOf } from "../scenarios";
import { type ContainerStart, findPhases } from "./findPhases";
import { readSpans } from "./readSpans";
import { renderGantt } from "./renderGantt";
import { watchStarts } from "./watchStarts";

/** Deploys the chapter's stack, previews it, and draws where the time of both went, as Markdown. */
export async function traceStack(workplace: Workplace): Promise<string> {
  const { stack, scenarios, docker } = workplace;
  stack.write(scenarioOf(scenarios, "chapter").settings);
  try {
    const watch = await watchStarts(docker, stack.prefix);
    const up = await traceCommand(workplace, "up", ["--yes", "--skip-preview"]);
    const starts = watch.stop();
    const preview = await traceCommand(workplace, "preview", []);
    const date = new Date().toISOString().slice(0, 10);
    return [
      `Traced on ${date}; the trace itself slows a command down.`,
      drawTrace("first pulumi up of the chapter's stack", up, starts),
      drawTrace("pulumi preview, nothing changed", preview, []),
    ].join("\n\n");
  } finally {
    await stack.run("destroy", "--yes", "--skip-preview").catch(() => undefined);
  }
}

function drawTrace(title: string, trace: string, starts: readonly ContainerStart[]): string {
  return renderGantt(title, findPhases(readSpans(trace), starts));
}

async function traceCommand(
  { stack, folder }: Workplace,
  command: string,
  flags: readonly string[],
): Promise<string> {
  const file = join(folder, `${command}.trace.json`);
  await stack.run(command, ...flags, "--otel-traces", `file://${file}`);
  return readFileSync(file, "utf8");
}
