import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainCause } from "./explainCause";
import { tryPulumi, type PulumiSession } from "./pulumiSession";
import { isProgress, withoutDots } from "./isProgress";
import { LiveBlock, canRewrite } from "./progress/liveBlock";
import { UpdateView } from "./progress/updateView";
import { type RunOptions, runByLine } from "./run";
import { ExplainedError } from "./setupError";
import { projectFolder } from "./versions";

/** What is read of the lines that Pulumi writes to its event log. */
interface LoggedEvent {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
}

const redrawMilliseconds = 250;

/**
 * Runs `pulumi up` or `pulumi destroy`: a terminal shows live what it is at, a pipe gets only what changes and what is
 * said.
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
    const { exitCode, isInterrupted } = await heedInterruption(() =>
      canRewrite() ? runLive(run, options, command, stack) : runQuietly(run, options),
    );
    if (exitCode === 0) return;
    if (isInterrupted) {
      throw new ExplainedError(
        `\`pulumi ${command}\` was interrupted. What was running still runs; run \`npm run ${command === "up" ? "up" : "down"}\` again to go on.`,
      );
    }
    // What ends Pulumi before it begins, such as a wrong passphrase, is not in the log.
    const errors = readErrors(log) || (await readPreviewError(session, stack));
    const again = `npm run ${command === "up" ? "up" : "down"}`;
    throw new ExplainedError(
      `\`pulumi ${command}\` did not finish; its error is above. What was running still runs.\n` +
        (explainCause(errors) ?? `Fix what it names, then run \`${again}\` again.`),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command of Pulumi's; a pipe gets only what changes and what is said. */
export function runQuietly(run: readonly string[], options: RunOptions): Promise<number> {
  return runByLine(run, { ...options, errors: false }, (line) => {
    if (!isProgress(line)) console.log(withoutDots(line));
  });
}

async function runLive(
  run: readonly string[],
  options: RunOptions,
  command: "up" | "destroy",
  stack: string,
): Promise<number> {
  const block = new LiveBlock();
  const [title, usual] =
    command === "up"
      ? ([`Deploying ${stack}`, "created"] as const)
      : ([`Removing ${stack}`, "deleted"] as const);
  const view = new UpdateView(title, usual, Date.now());
  const redraw = () => block.draw(view.render(Date.now(), process.stdout.rows));
  const timer = setInterval(redraw, redrawMilliseconds);
  redraw();
  try {
    // The summary that follows has the outputs.
    const flags = ["--suppress-outputs", "--color", "always"];
    return await runByLine([...run, ...flags], { ...options, errors: true }, (line) => {
      if (view.take(line, Date.now())) block.print(line);
    });
  } finally {
    clearInterval(timer);
    block.erase();
  }
}

/** Ctrl-C reaches Pulumi too, which finishes what it is at: this process waits for that. */
async function heedInterruption(
  work: () => Promise<number>,
): Promise<{ exitCode: number; isInterrupted: boolean }> {
  let isInterrupted = false;
  const note = () => {
    isInterrupted = true;
  };
  process.on("SIGINT", note);
  try {
    return { exitCode: await work(), isInterrupted };
  } finally {
    process.off("SIGINT", note);
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
