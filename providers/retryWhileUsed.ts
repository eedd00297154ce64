const pollMilliseconds = 200;
/** Containers that were removed a moment ago may still hold on to a thing; others hold it for good. */
const patienceMilliseconds = 10_000;

/** Codes of the Docker API for a network and for a volume that a container uses. */
const usedCodes: readonly unknown[] = [403, 409];

/**
 * Removes something of the engine that containers may still hold for a moment.
 *
 * @throws the engine's own error when they do not let go
 */
export async function retryWhileUsed(remove: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      const { statusCode } = error as { statusCode?: number };
      if (!usedCodes.includes(statusCode) || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}
