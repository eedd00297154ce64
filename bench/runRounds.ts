import type { BenchOptions } from "./benchOptions";
import type { Workplace } from "./workplace";
import { removeByName } from "./cleanUp";
import type { Peer, PeerId } from "./peers/peer";
import type { BenchResult, UpPhases } from "./report/benchResult";
import { ownSequences } from "./rows/ownSequences";
import { type Note, sequences } from "./rows/sequences";
import { type OwnSequenceId, type RowId, type SequenceId, sequencesOf } from "./rows/rows";

export interface MeasuredRounds {
  readonly rows: BenchResult["rows"];
  /** Where a tool failed, by tool. */
  readonly failed: Readonly<Partial<Record<PeerId, string>>>;
  readonly upPhases: UpPhases | undefined;
}

/** What takes long is measured in fewer rounds; 200 replicas are 200 measurements already. */
const mostRounds: Readonly<Partial<Record<SequenceId, number>>> = {
  scale: 2,
  slope: 1,
  setup: 1,
  watch: 1,
  page: 1,
};
const mostRoundsOfSlow: typeof mostRounds = { ...mostRounds, scale: 1 };
const ours: PeerId = "glasshouse";

/**
 * Measures round by round, with all tools in each round and another one first each time: what changes on the machine in
 * the course of a run reaches all of them. A tool that failed is not asked for the same again.
 */
export async function runRounds(
  workplace: Workplace,
  peers: readonly Peer[],
  { rounds, rows }: Pick<BenchOptions, "rounds" | "rows">,
): Promise<MeasuredRounds> {
  const values: Partial<Record<RowId, Partial<Record<PeerId, number[]>>>> = {};
  const failures = new Map<string, { readonly id: PeerId; readonly title: string }>();
  let upPhases: UpPhases | undefined;

  const attempt = async <T>(
    id: PeerId,
    sequence: SequenceId,
    round: number,
    work: (note: Note) => Promise<T>,
  ): Promise<T | undefined> => {
    if (failures.has(`${id} ${sequence}`)) return undefined;
    const title = `round ${round + 1} of ${rounds}, ${sequence}`;
    const note: Note = (row, value) => {
      if (value === undefined || !rows.includes(row)) return;
      const ofRow = (values[row] ??= {});
      (ofRow[id] ??= []).push(value);
    };
    const result = await runOne(workplace, `${title}, ${id}`, () => work(note));
    if (result === "failed") failures.set(`${id} ${sequence}`, { id, title });
    return result === "failed" ? undefined : result.value;
  };

  for (let round = 0; round < rounds; round += 1) {
    for (const sequence of sequencesOf(rows)) {
      if (isOver(round, mostRounds[sequence])) continue;
      if (isOwn(sequence)) {
        if (!peers.some(({ id }) => id === ours)) continue;
        const run = ownSequences[sequence];
        upPhases =
          (await attempt(ours, sequence, round, (note) => run(workplace, note))) ?? upPhases;
        continue;
      }
      for (const peer of rotate(peers, round)) {
        if (peer.isSlow && isOver(round, mostRoundsOfSlow[sequence])) continue;
        await attempt(peer.id, sequence, round, (note) =>
          sequences[sequence].run({ ...workplace, prefix: workplace.stack.prefix, peer, note }),
        );
      }
    }
  }
  return { rows: values, failed: joinByPeer([...failures.values()]), upPhases };
}

function isOwn(sequence: SequenceId): sequence is OwnSequenceId {
  return sequence in ownSequences;
}

/** @returns "failed" when the work failed, of which nothing is left on the host then */
async function runOne<T>(
  { stack, signal }: Workplace,
  title: string,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | "failed"> {
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  try {
    const value = await work();
    signal.throwIfAborted();
    console.log(`  ✓ ${title}: ${seconds()} s`);
    return { value };
  } catch (error) {
    signal.throwIfAborted();
    console.error(`  ✗ ${title}, after ${seconds()} s: ${(error as Error).message}`);
    // The next one begins on an empty host.
    await removeByName(stack.prefix);
    return "failed";
  }
}

function isOver(round: number, most = Infinity): boolean {
  return round >= most;
}

function joinByPeer(
  failures: readonly { readonly id: PeerId; readonly title: string }[],
): Partial<Record<PeerId, string>> {
  const byPeer: Partial<Record<PeerId, string>> = {};
  for (const { id, title } of failures) {
    byPeer[id] = byPeer[id] === undefined ? title : `${byPeer[id]}; ${title}`;
  }
  return byPeer;
}

function rotate<T>(list: readonly T[], by: number): T[] {
  const offset = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(offset), ...list.slice(0, offset)];
}
