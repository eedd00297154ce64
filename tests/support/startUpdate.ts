import { spawn, type ChildProcess } from "node:child_process";
import { projectFolder } from "../../cli/versions";
import type { TestStack } from "./testStack";

/** Starts an update in a process group of its own, for a test that kills it. */
export function startUpdate(stack: TestStack): ChildProcess {
  const [program = "", ...args] = stack.upCommand;
  return spawn(program, args, {
    cwd: projectFolder,
    env: { ...process.env, ...stack.session.env },
    stdio: "ignore",
    detached: true,
  });
}
