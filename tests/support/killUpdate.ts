import { startUpdate } from "./startUpdate";
import type { TestStack } from "./testStack";

export interface Kill {
  readonly afterSeconds: number;
  /**
   * Whether the command line alone is killed, which leaves its providers running for a while, or its whole process
   * group.
   */
  readonly victim: "command line" | "all processes";
}

/** Starts an update and kills it. @returns whether it was still running then */
export function killUpdate(stack: TestStack, { afterSeconds, victim }: Kill): Promise<boolean> {
  const update = startUpdate(stack);
  const timer = setTimeout(() => {
    process.kill(victim === "command line" ? update.pid! : -update.pid!, "SIGKILL");
  }, afterSeconds * 1000);
  return new Promise((resolve, reject) => {
    update.once("error", reject);
    update.once("exit", (_code, signal) => {
      clearTimeout(timer);
      resolve(signal === "SIGKILL");
    });
  });
}
