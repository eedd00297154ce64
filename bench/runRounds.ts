import { join } from "node:path";
import { run } from "../setup/run";
import { projectFolder } from "../setup/versions";
import type { BenchOptions } from "./benchOptions";
import type { Workplace } from "./bench";
import { removeByName } from "./cleanUp";
import type { Peer } from "./peers/peer";
import type { BenchResult } from "./report/benchResult";
import { type SequenceContext, sequences } from "./rows/sequences";
import { type RowId, sequencesOf } from "./rows/rows";

export interface MeasuredRounds {
  readonly rows: BenchResult["rows"];
  /** Where a tool failed, by tool. */
  readonly failed: Readonly<Record<string, string>>;
}

type Values = Partial<Record<RowId, Partial<Record<Peer["id"], number[]>>>>;

/** 200 replicas take long, and are 200 measurements already. */
const onceOnly: readonly string[] = ["slope"];
const renderedJobs = 10_000;

/**
 * Measures round by round, with all tools in each round and another one first each time: what changes on the machine in
 * the course of a run reaches all of them.
 */
export async function runRounds(
  workplace: Workplace,
  peers: readonly Peer[],
  { rounds, rows }: Pick<BenchOptions, "rounds" | "rows">,
): Promise<MeasuredRounds> {
  const values: Values = {};
  const failed: Record<string, string> = {};
  const note = (id: Peer["id"], row: RowId, value: number | undefined) => {
    if (value === undefined || !rows.includes(row)) return;
    const ofRow = (values[row] ??= {});
    (ofRow[id] ??= []).push(value);
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const sequence of sequencesOf(rows)) {
      if (round > 0 && onceOnly.includes(sequence)) continue;
      if (sequence === "render") {
        await renderJobs((row, value) => note("glasshouse", row, value));
        continue;
      }
      for (const peer of rotate(peers, round)) {
        if (peer.id in failed) continue;
        const title = `round ${round + 1} of ${rounds}, ${sequence}`;
        const succeeded = await runOne(
          workplace,
          peer,
          sequences[sequence].run,
          title,
          (row, value) => note(peer.id, row, value),
        );
        if (!succeeded) failed[peer.id] = title;
      }
    }
  }
  return { rows: values, failed };
}

/** @returns false for a tool that failed, which is out of the race then */
async function runOne(
  { stack, scenarios, docker, prometheusUrl, signal }: Workplace,
  peer: Peer,
  sequence: (context: SequenceContext) => Promise<void>,
  title: string,
  note: SequenceContext["note"],
): Promise<boolean> {
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  try {
    await sequence({ peer, scenarios, docker, prefix: stack.prefix, prometheusUrl, note });
    signal.throwIfAborted();
    console.log(`  ✓ ${title}, ${peer.id}: ${seconds()} s`);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    console.error(`  ✗ ${title}, ${peer.id}, after ${seconds()} s: ${(error as Error).message}`);
    // The next one begins on an empty host.
    await removeByName(stack.prefix);
    return false;
  }
}

function rotate<T>(list: readonly T[], by: number): T[] {
  const offset = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(offset), ...list.slice(0, offset)];
}

async function renderJobs(note: SequenceContext["note"]): Promise<void> {
  const script = join(projectFolder, "bench", "rows", "renderJobs.ts");
  const command = [process.execPath, "--require", "tsx/cjs", script, String(renderedJobs)];
  const { exitCode, stdout, stderr } = await run(command, { cwd: projectFolder });
  if (exitCode !== 0) throw new Error(`rendering ${renderedJobs} jobs failed: ${stderr}`);
  const { seconds, peakMb } = JSON.parse(stdout) as { seconds: number; peakMb: number };
  note("render-time", seconds);
  note("render-memory", peakMb);
}
