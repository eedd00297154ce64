import { join } from "node:path";
import { run, type RunResult } from "../../setup/run";
import { projectFolder } from "../../setup/versions";
import type { TestStack } from "./testStack";

/** Runs `npm run <command>` on a test's stack, as a user without a terminal does. */
export async function runCommandLine(
  stack: TestStack,
  command: "up" | "doctor" | "ci:preview" | "ci:drift",
  env: Readonly<Record<string, string>> = {},
  ...flags: readonly string[]
): Promise<RunResult> {
  const bootstrap = join(projectFolder, "setup", "bootstrap.mjs");
  return run([process.execPath, bootstrap, command, "--stack", stack.name, ...flags], {
    cwd: projectFolder,
    env: { ...stack.session.env, ...env },
  });
}
