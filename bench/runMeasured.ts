import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { lastLines } from "../cli/run";
import { SetupError } from "../cli/setupError";
import { pageBytes, readProcessStat } from "./processStat";

/** What a tool took for one task. */
export interface Measured {
  readonly seconds: number;
  /** The largest sum of resident memory of the tool's processes at one moment, in MiB; undefined where there is none. */
  readonly peakMb: number | undefined;
}

export interface MeasuredCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const sampleMilliseconds = 200;
/** How long an interrupted tool may take to end: what it leaves behind is removed by name. */
const graceMilliseconds = 10_000;

/**
 * Runs a command to its end, and measures it.
 *
 * Memory is the sum over the process and all that it started, from /proc, five times a second; pages that several of them
 * share count for each, and a process that lives shorter may be missed.
 *
 * @throws SetupError with the command's last words when it fails; the signal's reason when that interrupts it
 */
export async function runMeasured(
  { command, cwd, env, signal }: MeasuredCommand,
  collect?: (line: string) => void,
): Promise<Measured & { readonly stdout: string }> {
  signal.throwIfAborted();
  const [file = "", ...args] = command;
  const start = performance.now();
  // A group of its own, so that an interruption ends what the tool has started as well.
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, detached: true });
  let [stdout, all, peakPages] = ["", "", 0];
  const note = (data: Buffer) => {
    all += data.toString();
    collect?.(data.toString());
  };
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  const sampler = setInterval(() => {
    if (child.pid !== undefined) peakPages = Math.max(peakPages, readTreePages(child.pid));
  }, sampleMilliseconds);
  let killer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    endGroup(child.pid, "SIGINT");
    killer = setTimeout(() => endGroup(child.pid, "SIGKILL"), graceMilliseconds);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? 1));
    });
    signal.throwIfAborted();
    if (exitCode !== 0) {
      throw new SetupError(`\`${command.join(" ")}\` failed:\n${lastLines(all, 30)}`);
    }
    const seconds = (performance.now() - start) / 1000;
    const peakMb = peakPages === 0 ? undefined : (peakPages * pageBytes) / 1024 ** 2;
    return { seconds, peakMb, stdout };
  } finally {
    clearInterval(sampler);
    clearTimeout(killer);
    signal.removeEventListener("abort", interrupt);
  }
}

/** Measures work that is done in this process, whose memory says nothing about it. */
export async function measure(work: () => Promise<unknown>): Promise<Measured> {
  const start = performance.now();
  await work();
  return { seconds: (performance.now() - start) / 1000, peakMb: undefined };
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

interface ProcessSample {
  readonly pid: number;
  readonly parent: number;
  readonly pages: number;
}

function readTreePages(root: number): number {
  const samples = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readSample(Number(name)));
  return sumTree(samples, root);
}

/** Sums what a process and all below it use. */
export function sumTree(samples: readonly ProcessSample[], root: number): number {
  const childrenOf = new Map<number, ProcessSample[]>();
  for (const sample of samples) {
    const siblings = childrenOf.get(sample.parent);
    if (siblings) siblings.push(sample);
    else childrenOf.set(sample.parent, [sample]);
  }
  const sumBelow = (pid: number): number =>
    (childrenOf.get(pid) ?? []).reduce((sum, child) => sum + child.pages + sumBelow(child.pid), 0);
  return (samples.find(({ pid }) => pid === root)?.pages ?? 0) + sumBelow(root);
}

function readSample(pid: number): ProcessSample[] {
  try {
    const { parent, pages } = readProcessStat(pid);
    return [{ pid, parent, pages }];
  } catch {
    // Ended since the listing.
    return [];
  }
}
