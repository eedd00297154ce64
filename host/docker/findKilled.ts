import type { DockerHost } from "../access/dockerHost";
import { fetchFromEngine } from "./engineRequest";

interface EngineEvent {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly timeNano: number;
}

/** Longer than an update of many replicas takes. */
const lookBackSeconds = 3600;
/** An engine whose clock is behind would answer as late. */
const timeoutSeconds = 5;

/**
 * Finds the containers that were asked to end and killed because they did not, as far as the engine remembers.
 *
 * @param ids also of containers that are gone
 * @returns the whole seconds that they had, by id; none where the engine cannot be asked, since nothing depends on it
 */
export async function findKilled(
  dockerHost: DockerHost,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const now = Date.now() / 1000;
  const query = new URLSearchParams({
    since: (now - lookBackSeconds).toFixed(3),
    until: now.toFixed(3),
    filters: JSON.stringify({ container: ids, event: ["kill"] }),
  });
  const answer = await fetchFromEngine(dockerHost, `/events?${query}`, timeoutSeconds).catch(
    () => undefined,
  );
  return answer?.status === 200 ? readKills(answer.text) : new Map();
}

/** @param lines one event as JSON in each */
export function readKills(lines: string): Map<string, number> {
  const events = lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
  const asked = new Map<string, number>();
  const killed = new Map<string, number>();
  for (const { Action, Actor, timeNano } of events) {
    if (Action !== "kill") continue;
    const first = asked.get(Actor.ID);
    if (Actor.Attributes["signal"] !== "9") asked.set(Actor.ID, first ?? timeNano);
    else if (first !== undefined) killed.set(Actor.ID, Math.floor((timeNano - first) / 1e9));
  }
  return killed;
}

/** @param seconds that it had */
export function renderKilled(name: string, seconds: number): string {
  return (
    `${name} did not end within its ${seconds} s of grace and was killed. If it needs longer: \`stopGraceSeconds\`. If it does not ` +
    "hear the signal, as a shell's child: `init: true`, or `stopSignal` to the one that it listens to."
  );
}
