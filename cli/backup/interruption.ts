import { SetupError } from "../setupError";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does some work that a signal interrupts, in a way that lets it clean up after itself.
 *
 * @param announce tells the user that the signal was seen
 */
export async function withInterruption<T>(
  work: (signal: AbortSignal) => Promise<T>,
  announce = (name: NodeJS.Signals) => console.log(`  ${name}: cleaning up …`),
): Promise<T> {
  const controller = new AbortController();
  const abort = (name: NodeJS.Signals) => {
    announce(name);
    controller.abort(new SetupError(`Interrupted by ${name}.`));
  };
  for (const name of signals) process.on(name, abort);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of signals) process.off(name, abort);
  }
}

/** Waits for a promise, or for a signal to interrupt: whichever comes first. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let interrupt: (() => void) | undefined;
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => reject(signal.reason as Error);
    if (signal.aborted) interrupt();
    else signal.addEventListener("abort", interrupt, { once: true });
  });
  try {
    return await Promise.race([promise, interrupted]);
  } finally {
    if (interrupt) signal.removeEventListener("abort", interrupt);
    // What lost the race may fail later: that error must not go unhandled.
    promise.catch(() => undefined);
  }
}
