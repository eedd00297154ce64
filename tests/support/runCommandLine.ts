import { join } from "node:path";
import { run, type RunResult } from "../../cli/run";
import { projectFolder } from "../../cli/versions";
import type { TestStack } from "./testStack";

/** Runs `npm run <command>` on a test's stack, as a user without a terminal does. */
export async function runCommandLine(
  stack: TestStack,
  command:
    | "up"
    | "down"
    | "backup"
    | "restore"
    | "doctor"
    | "status"
    | "open"
    | "silence"
    | "alert:test"
    | "ci:preview"
    | "ci:drift",
  env: Readonly<Record<string, string>> = {},
  ...flags: readonly string[]
): Promise<RunResult> {
  const bootstrap = join(projectFolder, "cli", "bootstrap.mjs");
  return run([process.execPath, bootstrap, command, "--stack", stack.name, ...flags], {
    cwd: projectFolder,
    env: { ...stack.session.env, ...env },
  });
}
