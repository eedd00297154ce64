import type Docker from "dockerode";
import { SetupError } from "../setupError";

/** Longer than any copy of a healthy disk takes, and shorter than a gap that matters. */
const pauseLimitSeconds = 30;

/**
 * Pauses a container for as long as a copy takes; it goes on wherever that ends. A container that is not running is not
 * paused.
 *
 * @returns milliseconds of the pause
 */
export async function copyWhilePaused(
  container: Pick<Docker.Container, "inspect" | "pause" | "unpause">,
  name: string,
  copy: (signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): Promise<number> {
  const { State: state } = await container.inspect();
  if (state.Restarting || state.Paused) {
    throw new SetupError(
      `${name} is ${state.Paused ? "paused" : "being restarted again and again"}, so its data cannot be copied. ` +
        "`npm run doctor` says what to do.",
    );
  }
  if (!state.Running) {
    await copy(signal);
    return 0;
  }
  const limit = AbortSignal.timeout(pauseLimitSeconds * 1000);
  const start = Date.now();
  try {
    await container.pause();
    await copy(AbortSignal.any([signal, limit]));
  } catch (error) {
    if (error !== limit.reason) throw error;
    throw new SetupError(
      `The copy of ${name}'s data took longer than ${pauseLimitSeconds} s, so it was given up and ${name} runs on. ` +
        "Is the disk slow or busy?",
    );
  } finally {
    await unpause(container, name);
  }
  return Date.now() - start;
}

async function unpause(
  container: Pick<Docker.Container, "inspect" | "unpause">,
  name: string,
): Promise<void> {
  try {
    await container.unpause();
  } catch (error) {
    const { State: state } = await container.inspect();
    // A pause that failed needs no end.
    if (!state.Paused) return;
    throw new SetupError(
      `${name} is still paused, because the engine did not let it go on (${(error as Error).message}). ` +
        `Resume it with \`docker unpause ${name}\`.`,
    );
  }
}
