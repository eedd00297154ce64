import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { execToEnd } from "../../host/docker/execToEnd";
import { readLogTail } from "../../host/docker/readLogTail";
import { parseJsonOr } from "../doctor/parseJsonOr";
import { SetupError } from "../setupError";
import type { DataPart } from "./dataParts";
import { orAbort } from "./interruption";
import type { PartManifest } from "./manifest";

/** How many targets each job had, at a time in seconds. */
export type TargetCounts = NonNullable<PartManifest["targets"]>;

const pollMilliseconds = 250;
/** A large write-ahead log is read for minutes. */
const readyTimeoutSeconds = 900;
const toleratedRestarts = 3;

/** Waits until a server does its work; one that crashes is not waited for. */
export async function waitForServer(
  docker: Docker,
  { container: name, kind }: DataPart,
  signal: AbortSignal,
): Promise<void> {
  const container = docker.getContainer(name);
  const deadline = Date.now() + readyTimeoutSeconds * 1000;
  const { RestartCount: restartsBefore } = await container.inspect();
  for (;;) {
    signal.throwIfAborted();
    if ((await ask(container, kind.readyUrl)) !== undefined) return;
    const { State: state, RestartCount: restarts } = await container.inspect();
    const ended = !state.Running && !state.Restarting;
    if (ended || restarts - restartsBefore >= toleratedRestarts || Date.now() > deadline) {
      const log = (await readLogTail(container, 5)).trim().replace(/^/gm, "    ");
      throw new SetupError(`${kind.title} does not become ready with this data. Its log:\n${log}`);
    }
    await orAbort(sleep(pollMilliseconds), signal);
  }
}

/** The version of a server; null when it cannot be asked. */
export async function readVersion(docker: Docker, part: DataPart): Promise<string | null> {
  const answer = await ask(docker.getContainer(part.container), part.kind.versionUrl);
  return /"version":\s*"([^"]+)"/.exec(answer ?? "")?.[1] ?? null;
}

/** What Prometheus knows of its targets at a moment; null when it cannot be asked. */
export async function readTargetCounts(
  docker: Docker,
  container: string,
  time: number,
): Promise<TargetCounts | null> {
  const query = encodeURIComponent("count by (job) (up)");
  const url = `http://127.0.0.1:9090/api/v1/query?query=${query}&time=${time}`;
  const answer = await ask(docker.getContainer(container), url);
  if (answer === undefined) return null;
  const { data } = parseJsonOr<{
    data?: { result: { metric: { job?: string }; value: [number, string] }[] };
  }>(answer, {});
  if (data === undefined) return null;
  const counts = data.result.map(({ metric, value }) => [metric.job ?? "", Number(value[1])]);
  return { time, byJob: Object.fromEntries(counts) as Record<string, number> };
}

/** How restored series differ from those that were backed up; undefined when all are there. */
export function findMissingSeries(
  expected: TargetCounts,
  found: TargetCounts | null,
): string | undefined {
  if (found === null) return "it could not be asked";
  const at = new Date(expected.time * 1000).toISOString();
  for (const [job, count] of Object.entries(expected.byJob)) {
    const restored = found.byJob[job] ?? 0;
    if (restored < count)
      return `of ${count} series up{job="${job}"} at ${at} it answers ${restored}`;
  }
  return undefined;
}

async function ask(container: Docker.Container, url: string): Promise<string | undefined> {
  const { exitCode, output } = await execToEnd(container, ["wget", "-q", "-O", "-", url]);
  return exitCode === 0 ? output : undefined;
}
