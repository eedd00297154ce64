import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainCause } from "./explainCause";
import { tryPulumi, type PulumiSession } from "./pulumiSession";
import { isProgress } from "./isProgress";
import { runFiltered, runInTerminal } from "./run";
import { ExplainedError } from "./setupError";
import { projectFolder } from "./versions";

/** What is read of the lines that Pulumi writes to its event log. */
interface LoggedEvent {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
}

/**
 * Runs `pulumi up` or `pulumi destroy` with its own display; into a pipe only what changes and what is said.
 *
 * @throws ExplainedError when it does not finish, with what to do where the cause can be told
 */
export async function runPulumiInTerminal(
  session: PulumiSession,
  command: "up" | "destroy",
  stack: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-events-"));
  try {
    const log = join(folder, "events.json");
    const flags = ["--yes", "--skip-preview", "--stack", stack, "--event-log", log];
    const run = [session.program, command, ...flags];
    // The variable makes the flag known, as Pulumi's Automation API does it.
    const env = { ...session.env, PULUMI_DEBUG_COMMANDS: "true" };
    const options = { cwd: projectFolder, env };
    const exitCode = process.stdout.isTTY
      ? await runInTerminal(run, options)
      : await runFiltered(run, options, (line) => !isProgress(line));
    if (exitCode === 0) return;
    // What ends Pulumi before it begins, such as a wrong passphrase, is not in the log.
    const errors = readErrors(log) || (await readPreviewError(session, stack));
    const again = `npm run ${command === "up" ? "up" : "down"}`;
    throw new ExplainedError(
      `\`pulumi ${command}\` did not finish; its own words stand above. What was running still runs.\n` +
        (explainCause(errors) ?? `Put right what it names and run \`${again}\` again.`),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readPreviewError(session: PulumiSession, stack: string): Promise<string> {
  const flags = ["--non-interactive", "--stack", stack];
  return (await tryPulumi(session, "preview", ...flags)).stderr;
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
