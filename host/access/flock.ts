import { EngineSettingsError } from "../daemon/engineSettingsError";
import { startCommand } from "./startCommand";

/**
 * The command that holds a lock for as long as the pipe to it: when this process dies, even by SIGKILL, the system
 * closes the pipe, cat ends and the lock is free; over ssh a lost connection does the same. A lock file with a process
 * id in it would have to be cleared by hand.
 */
export function buildLockCommand(path: string, timeoutSeconds: number): readonly string[] {
  return ["flock", "-w", String(timeoutSeconds), path, "sh", "-c", "echo held; exec cat"];
}

/**
 * Starts a lock command, by `sudo` or `ssh` if need be, and waits until it holds the lock.
 *
 * @returns a function that lets go
 * @throws EngineSettingsError when it does not get the lock in time
 */
export async function holdLockByCommand(
  command: readonly string[],
  path: string,
  timeoutSeconds: number,
): Promise<() => Promise<void>> {
  // Its group is its own, so that Ctrl-C does not free the lock while this process still tidies up.
  const child = startCommand(command);
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string): void => {
      reject(new EngineSettingsError(`The lock ${path} could not be taken: ${reason}`));
    };
    child.stdout.once("data", () => resolve());
    child.once("error", (thrown) => fail(`${thrown.message}. Install util-linux (flock).`));
    child.once("close", () =>
      fail(
        complaint.trim() ||
          `someone else has changed this engine's settings for more than ${timeoutSeconds} s. Wait for them ("fuser ${path}" shows who) and try again.`,
      ),
    );
  });
  return async () => {
    child.stdin.end();
    await ended;
  };
}
