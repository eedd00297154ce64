import { createInterface } from "node:readline";
import type Docker from "dockerode";

export interface ReloadWatch {
  /** Ends the watch, and tells when the first signal came, in seconds since 1970; undefined when none did. */
  readonly stop: () => number | undefined;
}

/** Notes down, from the engine's events, when a container is told by SIGHUP to read its files again. */
export async function watchReloads(docker: Docker, container: string): Promise<ReloadWatch> {
  const stream = (await docker.getEvents({
    filters: { type: ["container"], event: ["kill"], container: [container] },
  })) as NodeJS.ReadableStream & { destroy: () => void };
  let first: number | undefined;
  createInterface({ input: stream }).on("line", (line) => {
    first ??= readHangUp(line);
  });
  return {
    stop: () => {
      stream.destroy();
      return first;
    },
  };
}

/** SIGHUP, as the engine's events have it. */
const hangUp = "1";

/** @returns seconds since 1970, or undefined for an event that is another signal */
export function readHangUp(line: string): number | undefined {
  const { timeNano, Actor: actor } = JSON.parse(line) as {
    readonly timeNano: number;
    readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
  };
  return actor.Attributes["signal"] === hangUp ? timeNano / 1e9 : undefined;
}
