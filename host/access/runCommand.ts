import type { CommandResult } from "./hostAccess";
import { startCommand } from "./startCommand";

/**
 * Runs a command of this machine without a shell, in the C locale, and ends it with its children at the timeout.
 *
 * @param timeoutSeconds after these, exit code 124
 */
export function runCommand(
  command: readonly string[],
  input: string | undefined,
  timeoutSeconds: number,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    // In a process group of its own, so that a timeout also ends what the command has started.
    const child = startCommand(command);
    let [stdout, stderr, timedOut] = ["", "", false];
    const timer = setTimeout(() => {
      timedOut = true;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It ended between the timer and the signal, or runs as root by sudo: then the pipes are closed below.
      }
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutSeconds * 1000);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.stdin.end(input ?? "");
    child.on("error", (thrown) => {
      clearTimeout(timer);
      resolve({
        exitCode: 127,
        stdout,
        stderr: `${command[0]} could not be started: ${thrown.message}`,
      });
    });
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      if (timedOut) stderr += `\nended after ${timeoutSeconds} s`;
      resolve({ exitCode: timedOut ? 124 : (exitCode ?? 137), stdout, stderr });
    });
  });
}
