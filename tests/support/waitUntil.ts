/**
 * Looks again and again until what it sees satisfies, and returns that.
 *
 * @throws Error with what it saw last, after `timeoutSeconds`
 */
export async function waitUntil<T>(
  what: string,
  look: () => Promise<T>,
  satisfies: (seen: T) => boolean,
  timeoutSeconds = 60,
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const seen = await look();
    if (satisfies(seen)) return seen;
    if (Date.now() > deadline) {
      throw new Error(
        `not within ${timeoutSeconds} s: ${what}; seen last: ${JSON.stringify(seen)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
