import type Docker from "dockerode";
import { connectDocker, isNotFound } from "./connectDocker";
import { type Crud, equalValues } from "./crud";
import { readLogTail } from "./readLogTail";

export interface ReadinessInputs {
  /** URI of the Docker Engine. */
  readonly dockerHost: string;
  /** The containers to wait for: their ids, by the names that a user knows them by. */
  readonly containers: Record<string, string>;
  /** Seconds that each of them may take until it runs and, with a health check, is healthy. */
  readonly timeoutSeconds: number;
  /** Limit of processes and threads in each of them. */
  readonly pids: number;
}

const pollMilliseconds = 250;
/** Starts after which a container counts as crashing: one restart can be an app that was too early for another. */
const toleratedRestarts = 3;
/** How long a container without a health check has to run on before it counts as up. */
const steadyMilliseconds = 2000;
const logLines = 20;

/**
 * Limits the processes of running containers, and waits until they do their work.
 *
 * The Docker provider has no field for the limit, and the engine takes it while a container runs. The provider's own `wait` knows only health, lets a crashed container
 * burn the whole time-out, and leaves out its log.
 */
export const provider: Crud<ReadinessInputs, ReadinessInputs> = {
  async diff(_id, olds, news) {
    return { changes: olds.pids !== news.pids || !equalValues(olds.containers, news.containers) };
  },
  async create(inputs) {
    await waitUntilReady(inputs);
    return { id: "ready", outs: inputs };
  },
  async update(_id, _olds, news) {
    await waitUntilReady(news);
    return { outs: news };
  },
  async read(id, olds) {
    return { id, props: olds };
  },
  async delete() {
    // Nothing was made: a wait has no remains.
  },
};

async function waitUntilReady({
  dockerHost,
  containers,
  timeoutSeconds,
  pids,
}: ReadinessInputs): Promise<void> {
  const docker = await connectDocker(dockerHost);
  const deadline = Date.now() + timeoutSeconds * 1000;
  const results = await Promise.allSettled(
    Object.entries(containers).map(async ([name, id]) => {
      const container = docker.getContainer(id);
      await waitForContainer(container, name, deadline);
      await container.update({ PidsLimit: pids });
    }),
  );
  const failures = results.filter((result) => result.status === "rejected");
  if (failures.length > 0) {
    throw new Error(failures.map(({ reason }) => (reason as Error).message).join("\n\n"));
  }
}

async function waitForContainer(
  container: Docker.Container,
  name: string,
  deadline: number,
): Promise<void> {
  let start = { at: "", seen: 0 };
  for (;;) {
    const info = await inspect(container, name);
    const state = info.State;
    const health = state.Health?.Status ?? "none";
    if (state.StartedAt !== start.at) start = { at: state.StartedAt, seen: Date.now() };
    const steady =
      health === "healthy" || (health === "none" && Date.now() - start.seen >= steadyMilliseconds);
    if (state.Running && !state.Restarting && steady) return;

    const ended = !state.Running && !state.Restarting && state.Status !== "created";
    if (ended || info.RestartCount >= toleratedRestarts) {
      throw new Error(
        `${name} does not stay up: it ended with exit code ${state.ExitCode}` +
          (info.RestartCount > 0 ? ` and was restarted ${info.RestartCount} times` : "") +
          (state.Error ? ` (${state.Error})` : "") +
          (await lastWords(container)),
      );
    }
    if (health === "unhealthy" || Date.now() > deadline) {
      const problem =
        health === "unhealthy"
          ? "is unhealthy"
          : "did not become ready in time (startTimeoutSeconds)";
      throw new Error(`${name} ${problem}${lastCheck(state)}${await lastWords(container)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

async function inspect(
  container: Docker.Container,
  name: string,
): Promise<Docker.ContainerInspectInfo> {
  try {
    return await container.inspect();
  } catch (error) {
    if (isNotFound(error))
      throw new Error(`${name} is gone: its container was removed while it started`);
    throw error;
  }
}

function lastCheck(state: Docker.ContainerInspectInfo["State"]): string {
  const check = state.Health?.Log.at(-1);
  return check
    ? `. Its last health check ended with ${check.ExitCode}: ${check.Output.trim()}`
    : "";
}

async function lastWords(container: Docker.Container): Promise<string> {
  const log = (await readLogTail(container, logLines)).trim();
  return log === "" ? ". It wrote no log." : `. Its last log lines:\n${log.replace(/^/gm, "    ")}`;
}
