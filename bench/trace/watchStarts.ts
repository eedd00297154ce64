import { createInterface } from "node:readline";
import type Docker from "dockerode";
import type { ContainerStart } from "./findPhases";

interface EngineEvent {
  readonly Action: string;
  readonly timeNano: number;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
}

export interface StartWatch {
  /** Ends the watch, and tells of the containers that became healthy meanwhile. */
  readonly stop: () => ContainerStart[];
}

/** Notes down, from the engine's events, when containers start and when they are healthy. */
export async function watchStarts(docker: Docker, prefix: string): Promise<StartWatch> {
  const stream = (await docker.getEvents({
    filters: { type: ["container"], event: ["start", "health_status"] },
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
    if (action === "health_status: healthy" && since !== undefined) {
      starts.push({ name: name.slice(prefix.length + 1), started: since, healthy: time });
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
