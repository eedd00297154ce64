import type Docker from "dockerode";
import type { Peer, Scenario } from "../peers/peer";
import type { Measured } from "../runMeasured";
import {
  addedApp,
  scenarioOf,
  type ScenarioId,
  type Scenarios,
  scrapeIntervalSeconds,
} from "../scenarios";
import { readContainerIds, rejectOtherContainers } from "./expectContainers";
import type { OwnSequenceId, RowId, SequenceId } from "./rows";
import { watchJob } from "./watchJob";

/** Notes down what one peer took in one round. */
export type Note = (row: RowId, value: number | undefined) => void;

export interface SequenceContext {
  readonly peer: Peer;
  readonly scenarios: Scenarios;
  readonly docker: Docker;
  /** Starts the names of all containers that a peer may deploy. */
  readonly prefix: string;
  readonly prometheusUrl: string;
  readonly note: Note;
}

/** Deploys a scenario, and makes sure that no more than so many containers are new after it. */
async function deploy(
  { peer, docker, prefix }: SequenceContext,
  scenario: Scenario,
  mayBeNew: number,
): Promise<Measured> {
  const before = await readContainerIds(docker, prefix);
  const measured = await peer.up(scenario);
  const after = await readContainerIds(docker, prefix);
  rejectOtherContainers(before, after, scenario.plan, mayBeNew);
  return measured;
}

/** The chapter's stack from nothing to nothing. */
async function runChapter(context: SequenceContext): Promise<void> {
  const { peer, scenarios, note } = context;
  const chapter = scenarioOf(scenarios, "chapter");
  const otherValue = scenarioOf(scenarios, "otherValue");
  const oneMoreJob = scenarioOf(scenarios, "oneMoreJob");
  const first = await deploy(context, chapter, chapter.plan.containers.length);
  note("chapter-first-up", first.seconds);
  note("chapter-memory", first.peakMb);
  const stateBytes = peer.readStateBytes();
  note("chapter-state", stateBytes === 0 ? undefined : stateBytes / 1024);
  if (peer.preview) {
    note("chapter-preview", (await peer.preview(chapter)).seconds);
    note("chapter-load", await peer.measureLoad?.(chapter));
    note("chapter-up-again", (await deploy(context, chapter, 0)).seconds);
  }
  note("chapter-other-value", (await deploy(context, otherValue, 1)).seconds);
  const watched = await watchJob(
    {
      url: context.prometheusUrl,
      docker: context.docker,
      container: await findPrometheus(context),
      job: addedApp,
      intervalSeconds: scrapeIntervalSeconds,
    },
    () => deploy(context, oneMoreJob, 1),
  );
  note("chapter-job-live", watched.secondsUntilLive);
  note("chapter-job-reload", watched.secondsSinceReload);
  note("chapter-job-up", watched.result.seconds);
  note("chapter-job-missed", watched.missedScrapes);
  note("chapter-destroy", (await peer.destroy()).seconds);
}

async function findPrometheus({ docker, prefix }: SequenceContext): Promise<string> {
  const names = Object.keys(await readContainerIds(docker, prefix));
  const name = names.find((one) => one.endsWith("-prometheus"));
  if (name === undefined) throw new Error("no container of Prometheus runs");
  return name.replace(/^\//, "");
}

/** A plain app that grows and shrinks. */
async function runScale(context: SequenceContext): Promise<void> {
  const { peer, scenarios, note } = context;
  const few = scenarioOf(scenarios, "replicas3");
  const many = scenarioOf(scenarios, "replicas30");
  await deploy(context, few, few.plan.containers.length);
  note("scale-30", (await deploy(context, many, 27)).seconds);
  note("scale-3", (await deploy(context, few, 0)).seconds);
  await peer.destroy();
}

/** What one replica more takes, where there are many. */
async function runSlope(context: SequenceContext): Promise<void> {
  const { peer, scenarios, note } = context;
  const count = peer.isSlow ? 50 : 200;
  const one = scenarioOf(scenarios, "replicas1");
  const crowd = scenarioOf(scenarios, `replicas${count}`);
  await deploy(context, one, one.plan.containers.length);
  const { seconds } = await deploy(context, crowd, count - 1);
  note("slope-replica", (seconds * 1000) / (count - 1));
  const destroyed = await peer.destroy();
  note("slope-destroy", (destroyed.seconds * 1000) / (count + 1));
}

/** The steps of each sequence of rows, and what they deploy. */
export const sequences: Readonly<Record<Exclude<SequenceId, OwnSequenceId>, Sequence>> = {
  chapter: { run: runChapter, needs: ["chapter", "otherValue", "oneMoreJob"] },
  scale: { run: runScale, needs: ["replicas3", "replicas30"] },
  slope: { run: runSlope, needs: ["replicas1", "replicas50", "replicas200"] },
};

interface Sequence {
  readonly run: (context: SequenceContext) => Promise<void>;
  readonly needs: readonly ScenarioId[];
}
