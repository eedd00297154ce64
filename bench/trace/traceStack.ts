import type { Workplace } from "../workplace";
import { scenarioOf } from "../scenarios";
import { type ContainerStart, findPhases } from "./findPhases";
import type { Span } from "./readSpans";
import { renderGantt } from "./renderGantt";
import { traceCommand } from "./traceCommand";
import { watchStarts } from "./watchStarts";

/** Deploys the chapter's stack, previews it, and draws where the time of both went, as Markdown. */
export async function traceStack(workplace: Workplace): Promise<string> {
  const { stack, scenarios, docker, folder } = workplace;
  stack.write(scenarioOf(scenarios, "chapter").settings);
  try {
    const watch = await watchStarts(docker, stack.prefix);
    const up = await traceCommand(stack, folder, "up", "--yes", "--skip-preview");
    const starts = watch.stop();
    const preview = await traceCommand(stack, folder, "preview");
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

function drawTrace(
  title: string,
  trace: readonly Span[],
  starts: readonly ContainerStart[],
): string {
  return renderGantt(title, findPhases(trace, starts));
}
