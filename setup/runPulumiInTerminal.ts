import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainCause } from "./explainCause";
import type { PulumiSession } from "./pulumiSession";
import { runInTerminal } from "./run";
import { SetupError } from "./setupError";
import { projectFolder } from "./versions";

/** What is read of the lines that Pulumi writes to its event log. */
interface LoggedEvent {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
}

/**
 * Runs `pulumi up` or `pulumi destroy` with its own display.
 *
 * @throws SetupError when it does not finish, with what to do where the cause can be told
 */
export async function runPulumiInTerminal(
  session: PulumiSession,
  command: "up" | "destroy",
  stack: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-events-"));
  try {
    const log = join(folder, "events.json");
    const exitCode = await runInTerminal(
      [session.program, command, "--yes", "--skip-preview", "--stack", stack, "--event-log", log],
      // The variable makes the flag known, as Pulumi's Automation API does it.
      { cwd: projectFolder, env: { ...session.env, PULUMI_DEBUG_COMMANDS: "true" } },
    );
    if (exitCode === 0) return;
    const again = `npm run ${command === "up" ? "up" : "down"}`;
    throw new SetupError(
      `\`pulumi ${command}\` did not finish; its own words stand above. What was running still runs.\n` +
        (explainCause(readErrors(log)) ?? `Put right what it names and run \`${again}\` again.`),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readErrors(log: string): string {
  if (!existsSync(log)) return "";
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as LoggedEvent).diagnosticEvent)
    .filter((event) => event?.severity === "error")
    .map((event) => event?.message)
    .join("\n");
}
