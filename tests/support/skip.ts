import { appendFileSync } from "node:fs";
import { skippedTestsVariable } from "../../cli/testCounts";

/** Stands for tests that this machine cannot run: the closing lines of a run name them with the reason. */
export function skip(name: string, reason: string): void {
  console.warn(`SKIPPED: ${name}: ${reason}`);
  it.skip(`${name} (${reason})`, () => undefined);
}

/** For the test that runs, when only its `beforeAll` could find out that this machine cannot run it. */
export function skipThisTest(reason: string): void {
  const { currentTestName = "" } = expect.getState();
  console.warn(`SKIPPED: ${currentTestName}: ${reason}`);
  const file = process.env[skippedTestsVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify([currentTestName, reason])}\n`);
}
