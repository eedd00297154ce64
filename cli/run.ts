import { spawn, type SpawnOptions } from "node:child_process";
import { createInterface } from "node:readline";
import { SetupError } from "./setupError";

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process' environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for the command's standard input. */
  readonly input?: string;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command without a shell and collects what it writes. A command that is not there answers with exit code 127. */
export async function run(
  command: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return start(command, options, ["pipe", "pipe", "pipe"]);
}

/** Like `run`, for a command whose failure is the end. */
export async function runOrReject(
  command: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, options);
  if (exitCode === 0) return stdout;
  throw new SetupError(
    `\`${command.join(" ")}\` ended with exit code ${exitCode}:\n${lastLines(stdout + stderr, 30)}`,
  );
}

/** Runs a command in this terminal, with its own output and colours, and returns its exit code. */
export async function runInTerminal(
  command: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  const { exitCode, stderr } = await start(command, options, "inherit");
  if (exitCode === 127 && stderr !== "") throw new SetupError(stderr);
  return exitCode;
}

/**
 * Like `runInTerminal`, but hands on each line that it writes.
 *
 * @param errors whether those of its standard error are among them; else they go to this terminal
 */
export function runByLine(
  command: readonly string[],
  options: RunOptions & { readonly errors: boolean },
  onLine: (line: string) => void,
): Promise<number> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ["inherit", "pipe", options.errors ? "pipe" : "inherit"],
      env: { ...process.env, ...options.env },
      ...(options.cwd && { cwd: options.cwd }),
    });
    for (const input of [child.stdout, child.stderr]) {
      if (input !== null) createInterface({ input }).on("line", onLine);
    }
    child.on("error", (error) => reject(new SetupError(`${file}: ${error.message}`)));
    child.on("close", (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

function start(
  command: readonly string[],
  options: RunOptions,
  stdio: SpawnOptions["stdio"],
): Promise<RunResult> {
  const [file = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: stdio ?? "inherit",
      env: { ...process.env, ...options.env },
      ...(options.cwd && { cwd: options.cwd }),
    });
    const output = { stdout: "", stderr: "" };
    child.stdout?.on("data", (data: Buffer) => (output.stdout += data.toString()));
    child.stderr?.on("data", (data: Buffer) => (output.stderr += data.toString()));
    child.on("error", (error) =>
      resolve({ exitCode: 127, stdout: "", stderr: `${file}: ${error.message}` }),
    );
    child.on("close", (code, signal) =>
      resolve({ exitCode: code ?? (signal ? 130 : 1), ...output }),
    );
    child.stdin?.on("error", () => {
      // A command that ends without reading its input answers with its exit code.
    });
    child.stdin?.end(options.input ?? "");
  });
}

/** The command as root: as it is for root, by `sudo -n` (never asking for a password) for other users. */
export function asRoot(command: readonly string[]): string[] {
  return process.getuid?.() === 0 ? [...command] : ["sudo", "-n", ...command];
}
