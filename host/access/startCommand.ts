import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

/** Starts a command of this machine without a shell, in the C locale and in a process group of its own. */
export function startCommand([
  program = "",
  ...args
]: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(program, args, {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  // A command that does not read its input closes the pipe; that is no failure.
  child.stdin.on("error", () => undefined);
  return child;
}
