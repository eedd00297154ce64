import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostAccess } from "../access/hostAccess";

/** A running dockerd. */
export interface EngineProcess {
  readonly pid: number;
  readonly argv: readonly string[];
}

/** All it takes to start the same process again. */
export interface StartCommand {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The working folder, because arguments may be relative to it. */
  readonly folder: string;
}

/**
 * The dockerd that a pid file names; `undefined` when none runs. A pid file can outlive its process and the number can
 * belong to another program since: only a process that is a dockerd counts.
 */
export async function findEngineProcess(
  host: HostAccess,
  pidFile: string,
): Promise<EngineProcess | undefined> {
  const { text } = await host.readFile(pidFile);
  const pid = Number(text?.trim());
  if (text === undefined || !Number.isInteger(pid) || pid < 2) return undefined;
  if (await isGone(host, pid)) return undefined;
  const argv = await readZeroSeparated(host, `/proc/${pid}/cmdline`);
  // The second place counts too: an interpreter or a wrapper may come first.
  const isEngine = argv.slice(0, 2).some((part) => basename(part) === "dockerd");
  return isEngine ? { pid, argv } : undefined;
}

/** Reads from a running process what it takes to start it again. Needs root's rights. */
export async function readStartCommand(
  host: HostAccess,
  { pid, argv }: EngineProcess,
): Promise<StartCommand> {
  const { text } = await host.readFile(`/proc/${pid}/environ`);
  const environment = parseEnvironment(text ?? "");
  const folder = await host.run(["readlink", `/proc/${pid}/cwd`], { asRoot: true });
  return { argv, environment, folder: folder.stdout.trim() || "/" };
}

/** An environment in the kernel's spelling: `NAME=value`, each with a zero byte at its end. */
export function parseEnvironment(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    splitAtZeros(text).flatMap((entry) => {
      const equals = entry.indexOf("=");
      return equals < 1 ? [] : [[entry.slice(0, equals), entry.slice(equals + 1)] as const];
    }),
  );
}

/** Whether a process has ended. A zombie has: where no init runs, it may never be reaped. */
export async function isGone(host: HostAccess, pid: number): Promise<boolean> {
  const { text } = await host.readFile(`/proc/${pid}/stat`).catch(() => ({ text: undefined }));
  if (text === undefined) return true;
  // "4711 (any name) S …": the name may hold spaces and brackets.
  return /^[ZX]/.test(text.slice(text.lastIndexOf(")") + 2));
}

/** Waits until a process has ended; false when it still runs after the time. */
export async function waitUntilGone(
  host: HostAccess,
  pid: number,
  waitSeconds: number,
): Promise<boolean> {
  const deadline = Date.now() + waitSeconds * 1000;
  while (!(await isGone(host, pid))) {
    if (Date.now() >= deadline) return false;
    await sleep(100);
  }
  return true;
}

/** The value of a command line flag, given as `--flag value`, `--flag=value` or a bare `--flag` ("true"). */
export function readFlag(argv: readonly string[], flag: string): string | undefined {
  for (const [index, part] of argv.entries()) {
    if (part.startsWith(`--${flag}=`)) return part.slice(flag.length + 3);
    if (part !== `--${flag}`) continue;
    const next = argv[index + 1];
    return next === undefined || next.startsWith("-") ? "true" : next;
  }
  return undefined;
}

async function readZeroSeparated(host: HostAccess, path: string): Promise<readonly string[]> {
  const { text } = await host.readFile(path);
  return splitAtZeros(text ?? "");
}

function splitAtZeros(text: string): readonly string[] {
  return text.split("\0").filter((part) => part !== "");
}
