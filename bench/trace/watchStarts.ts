import { createInterface } from "node:readline";
import type Docker from "dockerode";
import type { ContainerStart } from "./findPhases";

interface EngineEvent {
  readonly Action: string;
  readonly timeNano: number;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
}

export interface StartWatch {
  /** Ends the watch, and tells of the containers that became ready meanwhile. */
  readonly stop: () => ContainerStart[];
}

/**
 * Notes down, from the engine's events, when containers start and when they pass their health check for the first time,
 * whether Docker runs it or Glasshouse: nothing else is run in them before.
 */
export async function watchStarts(docker: Docker, prefix: string): Promise<StartWatch> {
  const stream = (await docker.getEvents({
    filters: { type: ["container"], event: ["start", "health_status", "exec_die"] },
  })) as NodeJS.ReadableStream & { destroy: () => void };
  const started = new Map<string, number>();
  const starts: ContainerStart[] = [];
  createInterface({ input: stream }).on("line", (line) => {
    const { Action: action, timeNano, Actor: actor } = JSON.parse(line) as EngineEvent;
    const name = actor.Attributes["name"] ?? "";
    if (!name.startsWith(`${prefix}-`)) return;
    const time = timeNano / 1e6;
    if (action === "start") started.set(name, time);
    const since = started.get(name);
    const passes =
      action === "health_status: healthy" ||
      (action === "exec_die" && actor.Attributes["exitCode"] === "0");
    if (passes && since !== undefined) {
      starts.push({ name: name.slice(prefix.length + 1), started: since, ready: time });
      started.delete(name);
    }
  });
  return {
    stop: () => {
      stream.destroy();
      return starts;
    },
  };
}
