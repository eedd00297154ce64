import type { Peer } from "../peers/peer";
import { addedApp, scrapeIntervalSeconds, type Scenarios } from "../scenarios";
import type { RowId } from "./rows";
import { watchJob } from "./watchJob";

/** Notes down what one peer took in one round. */
export type Note = (row: RowId, value: number | undefined) => void;

export interface SequenceContext {
  readonly peer: Peer;
  readonly scenarios: Scenarios;
  readonly prometheusUrl: string;
  readonly note: Note;
}

/** The chapter's stack from nothing to nothing. */
export async function runChapter(context: SequenceContext): Promise<void> {
  const { peer, scenarios, note } = context;
  const { chapter, otherValue, oneMoreJob } = scenarios;
  const first = await peer.up(chapter);
  note("chapter-first-up", first.seconds);
  note("chapter-memory", first.peakMb);
  const stateBytes = peer.readStateBytes();
  note("chapter-state", stateBytes === 0 ? undefined : stateBytes / 1024);
  if (peer.preview) {
    note("chapter-preview", (await peer.preview(chapter)).seconds);
    note("chapter-up-again", (await peer.up(chapter)).seconds);
  }
  note("chapter-other-value", (await peer.up(otherValue)).seconds);
  const watched = await watchJob(
    { url: context.prometheusUrl, job: addedApp, intervalSeconds: scrapeIntervalSeconds },
    () => peer.up(oneMoreJob),
  );
  note("chapter-job-live", watched.secondsUntilLive);
  note("chapter-job-up", watched.result.seconds);
  note("chapter-job-missed", watched.missedScrapes);
  note("chapter-destroy", (await peer.destroy()).seconds);
}

/** A plain app that grows and shrinks. */
export async function runScale({ peer, scenarios, note }: SequenceContext): Promise<void> {
  await peer.up(scenarios.replicas[3]);
  note("scale-30", (await peer.up(scenarios.replicas[30])).seconds);
  note("scale-3", (await peer.up(scenarios.replicas[3])).seconds);
  await peer.destroy();
}

/** What one replica more takes, where there are many. */
export async function runSlope({ peer, scenarios, note }: SequenceContext): Promise<void> {
  await peer.up(scenarios.replicas[1]);
  const { seconds } = await peer.up(scenarios.replicas[200]);
  note("slope-replica", (seconds * 1000) / 199);
  note("slope-destroy", (await peer.destroy()).seconds);
}
