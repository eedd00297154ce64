import { inspectContainer } from "./dockerCommands";
import { waitUntil } from "./waitUntil";

/**
 * Ends a container's process as a crash would. `docker kill` is something else: the engine takes it for the wish of its
 * owner, and leaves the container down.
 *
 * @returns when the engine has started it again: the times that it did so
 */
export async function crashContainer(name: string): Promise<number> {
  const before = await inspectContainer(name);
  process.kill(before.State.Pid, "SIGKILL");
  const after = await waitUntil(
    `${name} started again`,
    () => inspectContainer(name),
    ({ State, RestartCount }) => RestartCount > before.RestartCount && State.Running,
  );
  return after.RestartCount - before.RestartCount;
}
