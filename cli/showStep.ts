import { LiveBlock, canRewrite } from "./progress/liveBlock";

const heartbeatMilliseconds = 15_000;
const redrawMilliseconds = 1000;

/**
 * Shows that a long step runs, how long it has taken so far, and how it ended: a terminal in one line, a pipe in a line
 * now and then.
 *
 * @param title what is done, such as "Building Pulumi's command line (about 5 minutes)"
 */
export async function showStep<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const block = canRewrite() ? new LiveBlock() : undefined;
  if (block === undefined) console.log(`  … ${title}`);
  else block.draw([`  … ${title}`]);
  const heartbeat = setInterval(
    () => {
      if (block === undefined) console.log(`    still running after ${seconds()}`);
      else block.draw([`  … ${title}: ${seconds()}`]);
    },
    block === undefined ? heartbeatMilliseconds : redrawMilliseconds,
  );
  try {
    const result = await work();
    block?.erase();
    console.log(`  ✓ ${title}: ${seconds()}`);
    return result;
  } catch (error) {
    block?.erase();
    console.log(`  ✗ ${title}: failed after ${seconds()}`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}
