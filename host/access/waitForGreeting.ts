import type { ChildProcessWithoutNullStreams } from "node:child_process";

/**
 * Waits until a command says that it runs: before that, a failure is one of the connection, and nothing was sent over it.
 * What the user's shell on the host prints first is left out.
 *
 * @param explain makes an error of what the command said when it ended instead
 */
export function waitForGreeting(
  child: ChildProcessWithoutNullStreams,
  greeting: string,
  explain: (stderr: string) => Error,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0);
    let stderr = "";
    const listen = (chunk: Buffer): void => {
      heard = Buffer.concat([heard, chunk]);
      const at = heard.indexOf(greeting);
      if (at === -1) return;
      stopListening();
      child.stdout.pause();
      const rest = heard.subarray(at + greeting.length);
      if (rest.length > 0) child.stdout.unshift(rest);
      resolve();
    };
    const complain = (chunk: Buffer): void => {
      stderr += chunk.toString();
    };
    const end = (): void => {
      stopListening();
      reject(explain(stderr));
    };
    const fail = (thrown: Error): void => {
      stopListening();
      reject(thrown);
    };
    const stopListening = (): void => {
      child.stdout.off("data", listen);
      child.stderr.off("data", complain);
      child.off("close", end).off("error", fail);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", complain);
    child.once("close", end).once("error", fail);
  });
}
