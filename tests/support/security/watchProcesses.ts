import { readdir, readFile } from "node:fs/promises";

const pauseMilliseconds = 20;

/** What the processes of this machine showed of themselves while something ran. */
export interface SeenProcesses {
  /** Command lines, each once, arguments separated by a blank. */
  readonly commandLines: ReadonlySet<string>;
  /** Environment variables, each once, as `name=value`. */
  readonly variables: ReadonlySet<string>;
}

/** Looks at all processes of this machine, containers' included, again and again while something runs. */
export async function watchProcesses(task: () => Promise<void>): Promise<SeenProcesses> {
  const seen = { commandLines: new Set<string>(), variables: new Set<string>() };
  const end = new AbortController();
  const running = task().finally(() => end.abort());
  const watching = (async () => {
    while (!end.signal.aborted) {
      await look(seen.commandLines, seen.variables);
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  })();
  await Promise.all([running, watching]);
  return seen;
}

async function look(commandLines: Set<string>, variables: Set<string>): Promise<void> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    pids.map(async (pid) => {
      commandLines.add((await readParts(pid, "cmdline")).join(" "));
      for (const variable of await readParts(pid, "environ")) variables.add(variable);
    }),
  );
}

/** Empty for a process that ended meanwhile, and for the environment of another user's. */
async function readParts(pid: string, file: "cmdline" | "environ"): Promise<string[]> {
  try {
    return (await readFile(`/proc/${pid}/${file}`, "utf8")).split("\0").filter(Boolean);
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code!)) {
      return [];
    }
    throw error;
  }
}
