import type { Settings } from "../../config/settings/settings";
import { buildUserMistake } from "../../config/userMistake";
import { detectEngine, type EngineFacts } from "../../host/docker/detectEngine";
import { locateEngine } from "../../host/daemon/engineLocation";
import { findEngineProblem } from "../../host/daemon/findEngineProblem";

/**
 * Refuses an engine that cannot do what the settings ask for. Without it, most of the stack would be there before the first
 * resource fails.
 *
 * @returns what the engine is
 * @throws pulumi.RunError before anything is touched, in a preview too
 */
export async function rejectUnsupportedEngine({
  host,
  engineMetrics,
}: Pick<Settings, "host" | "engineMetrics">): Promise<EngineFacts> {
  const engine = await detectEngine(locateEngine({ dockerHost: host, ...engineMetrics }));
  const problem = findEngineProblem(engine.kind, engineMetrics.mode);
  if (problem === undefined) return engine;
  throw buildUserMistake(
    `The engine at ${host.uri} is refused. Nothing was changed.\n  ${problem}`,
  );
}
