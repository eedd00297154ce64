import type Docker from "dockerode";
import { ignoreUnchanged } from "../../host/docker/connectDocker";
import { ifFound } from "../../host/docker/ifFound";
import { readMessage } from "../../host/daemon/engineSettingsError";
import { SetupError } from "../setupError";
import type { VolumeGroup } from "./findVolumeGroups";

/** A container that was held for a while. */
export interface Held {
  readonly name: string;
  /** Whether it passed its health check, or had none, before. */
  readonly served: boolean;
  /** Whether it was killed, because it did not end within its grace. */
  readonly wasKilled: boolean;
}

/** Containers that were held do not go on. */
export class StillHeldError extends SetupError {}

/**
 * Stops or pauses containers for as long as some work takes; they go on wherever that ends. One that does not run is left as it
 * is.
 *
 * @returns those that were held
 */
export async function whileHeld(
  docker: Docker,
  names: readonly string[],
  mode: VolumeGroup["mode"],
  work: () => Promise<unknown>,
): Promise<{ held: Held[]; milliseconds: number }> {
  const before = await Promise.all(
    names.map((name) => ifFound(docker.getContainer(name).inspect())),
  );
  const runs = before.flatMap((info) =>
    info !== undefined && !info.State.Paused && (info.State.Running || info.State.Restarting)
      ? [info]
      : [],
  );
  const start = Date.now();
  let held: Held[];
  try {
    // All of them have to be held, or known not to be, before any goes on.
    const results = await Promise.allSettled(runs.map((info) => hold(docker, info, mode)));
    held = results.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
    await work();
  } finally {
    await releaseAll(
      docker,
      runs.map(({ Name }) => Name.slice(1)),
    );
  }
  return { held, milliseconds: Date.now() - start };
}

async function hold(
  docker: Docker,
  { Id, Name, State, Config }: Docker.ContainerInspectInfo,
  mode: VolumeGroup["mode"],
): Promise<Held> {
  const container = docker.getContainer(Id);
  const start = Date.now();
  if (mode === "pause" && State.Running) await container.pause();
  else await container.stop().catch(ignoreUnchanged);
  const { State: after } = await container.inspect();
  const grace = (Config as { StopTimeout?: number }).StopTimeout ?? defaultGraceSeconds;
  return {
    name: Name.slice(1),
    served: State.Running && !["unhealthy", "starting"].includes(State.Health?.Status ?? "none"),
    wasKilled: isKilled(after, (Date.now() - start) / 1000, grace),
  };
}

/** What the engine grants where nothing else is said. */
const defaultGraceSeconds = 10;
const killedExitCode = 137;

function isKilled(
  { Running, ExitCode }: Docker.ContainerInspectInfo["State"],
  seconds: number,
  grace: number,
): boolean {
  return !Running && ExitCode === killedExitCode && seconds >= grace;
}

/**
 * Lets a container go on that was stopped or paused.
 *
 * @returns whether it did not run
 */
export async function releaseContainer(docker: Docker, name: string): Promise<boolean> {
  const info = await ifFound(docker.getContainer(name).inspect());
  if (info === undefined) return false;
  const container = docker.getContainer(info.Id);
  if (info.State.Paused) await container.unpause();
  else if (info.State.Running || info.State.Restarting) return false;
  else await container.start().catch(ignoreUnchanged);
  return true;
}

/** One that cannot be released does not keep the others held. */
async function releaseAll(docker: Docker, names: readonly string[]): Promise<void> {
  const results = await Promise.allSettled(names.map((name) => releaseContainer(docker, name)));
  const failures = results.flatMap((result, index) =>
    result.status === "rejected"
      ? [`  docker start ${names[index]}: ${readMessage(result.reason)}`]
      : [],
  );
  if (failures.length === 0) return;
  throw new StillHeldError(
    ["The engine does not let these containers go on. Start them yourself:", ...failures].join(
      "\n",
    ),
  );
}
