const heartbeatMilliseconds = 15_000;

/**
 * Shows that a long step runs, how long it has taken so far, and how it ended.
 *
 * @param title what is done, such as "Building Pulumi's command line (about 5 minutes)"
 */
export async function showStep<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  console.log(`  … ${title}`);
  const heartbeat = setInterval(
    () => console.log(`    still at it after ${seconds()}`),
    heartbeatMilliseconds,
  );
  try {
    const result = await work();
    console.log(`  ✓ ${title}: ${seconds()}`);
    return result;
  } catch (error) {
    console.log(`  ✗ ${title}: failed after ${seconds()}`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}
