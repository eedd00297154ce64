import type Docker from "dockerode";
import { askOnce } from "../../host/docker/askOnce";
import { connectDocker, isNotFound, isUnchanged } from "../../host/docker/connectDocker";
import {
  buildLimits,
  type Drift,
  findContainerDrift,
  readKernelLimits,
  type WantedContainer,
} from "../../host/docker/containerDrift";
import { type Crud, equalValues } from "../crud";
import { findKilled, renderKilled } from "../../host/docker/findKilled";
import { tellUser } from "../tellUser";
import { waitForContainers } from "../../host/docker/waitForContainers";
import type { RunningContainersInputs } from "./inputs";

export interface RunningContainersOutputs extends RunningContainersInputs {
  /** What was changed outside Pulumi, in words, by container; empty when nothing was. */
  readonly drift: Record<string, string>;
}

/**
 * Keeps running containers as declared, and waits until they are ready. It keeps what the Docker provider
 * does not read back (the network, the limit of processes), and to what the provider would make a new container for
 * although the engine changes it while the container runs (the other limits).
 */
export const provider: Crud<RunningContainersInputs, RunningContainersOutputs> = {
  async diff(_id, olds, news) {
    // A state that was written before drift was looked for has none.
    const {
      drift = {},
      timeoutSeconds: _oldTimeout,
      port: _oldPort,
      ...before
    } = olds as Partial<RunningContainersOutputs>;
    const { timeoutSeconds: _newTimeout, port: _newPort, ...after } = news;
    return { changes: Object.keys(drift).length > 0 || !equalValues(before, after) };
  },
  async create(inputs) {
    await reconcile(inputs);
    return { id: "ready", outs: { ...inputs, drift: {} } };
  },
  async update(_id, olds, news) {
    await sendSignals(olds, news);
    await tellKilled(olds, news);
    await reconcile(news);
    return { outs: { ...news, drift: {} } };
  },
  async read(id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    const found = (await inspectAll(docker, olds)).flatMap(({ name, drifts }) =>
      drifts.length === 0 ? [] : [[name, drifts.map(({ words }) => words).join("; ")]],
    );
    return { id, props: { ...olds, drift: Object.fromEntries(found) as Record<string, string> } };
  },
  async delete() {
    // Nothing was made: a wait has no remains.
  },
};

/** A container that is new has read its files already, and may not listen for signals yet. */
async function sendSignals(
  olds: Partial<RunningContainersInputs>,
  { dockerHost, containers, signals = {} }: RunningContainersInputs,
): Promise<void> {
  const due = Object.entries(signals).filter(
    ([signal, value]) => olds.signals?.[signal] !== undefined && olds.signals[signal] !== value,
  );
  if (due.length === 0) return;
  const docker = await connectDocker(dockerHost);
  for (const [name, id] of Object.entries(containers)) {
    if (olds.containers?.[name] !== id) continue;
    for (const [signal] of due) await docker.getContainer(id).kill({ signal });
  }
}

/**
 * Those that are replaced: what is removed goes after this, and `npm run up` tells of it. The engine remembers its last few hundred
 * events only: of many replicas, the first ones may be missed.
 */
async function tellKilled(
  olds: Partial<RunningContainersInputs>,
  { dockerHost, containers }: RunningContainersInputs,
): Promise<void> {
  const left = Object.entries(olds.containers ?? {}).filter(
    ([name, id]) => containers[name] !== id,
  );
  if (left.length === 0) return;
  const killed = await findKilled(
    dockerHost,
    left.map(([, id]) => id),
  );
  for (const [name, id] of left) {
    const seconds = killed.get(id);
    if (seconds !== undefined) await tellUser(renderKilled(name, seconds));
  }
}

interface InspectedContainer {
  readonly name: string;
  readonly container: Docker.Container;
  readonly startedAt: string;
  readonly restartPolicy: Docker.HostRestartPolicy | undefined;
  readonly drifts: readonly Drift[];
}

async function reconcile(inputs: RunningContainersInputs): Promise<void> {
  const docker = await connectDocker(inputs.dockerHost);
  // What could not be repaired in a container that was between two starts is repaired when it runs. This ends: a container
  // that starts again and again fails the wait.
  for (let repaired = false; !repaired;) {
    const found = await inspectAll(docker, inputs);
    const results = await Promise.all(found.map((inspected) => repair(docker, inspected, inputs)));
    repaired = results.every((isRepaired) => isRepaired);
    await waitForContainers(docker, inputs.containers, inputs.timeoutSeconds, inputs.port);
  }
}

/** Without those that are gone, which are their own resource's to report. */
async function inspectAll(
  docker: Docker,
  inputs: RunningContainersInputs,
): Promise<InspectedContainer[]> {
  const kernel = await readLimitsOnce(inputs.dockerHost);
  const found = Object.entries(inputs.containers).map(async ([name, id]) => {
    const container = docker.getContainer(id);
    try {
      const info = await container.inspect();
      const drifts = findContainerDrift(info, inputs, kernel);
      const { RestartPolicy: restartPolicy } = info.HostConfig;
      return [{ name, container, startedAt: info.State.StartedAt, restartPolicy, drifts }];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  });
  return (await Promise.all(found)).flat();
}

const readLimitsOnce = askOnce(async (dockerHost) =>
  readKernelLimits(await connectDocker(dockerHost)),
);

/** @returns false if the engine refused because the container ended meanwhile */
async function repair(
  docker: Docker,
  { name, container, startedAt, restartPolicy, drifts }: InspectedContainer,
  wanted: RunningContainersInputs,
): Promise<boolean> {
  for (const { kind, words } of drifts) {
    try {
      if (kind === "paused") await container.unpause();
      if (kind === "stopped") await container.start();
      if (kind === "network") await connect(docker, container, wanted);
      // Podman drops the policy if an update does not name it (seen with 5.4).
      if (kind === "limits") {
        await container.update({ ...buildLimits(wanted), RestartPolicy: restartPolicy });
      }
    } catch (error) {
      // Podman calls a container stopped that is between two restarts; the wait that follows tells how it goes on.
      if (isUnchanged(error)) continue;
      if (kind !== "stopped" && !(await runsSince(container, startedAt))) return false;
      throw new Error(
        `${name} ${words}, and the engine refuses to change that: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }
  return true;
}

async function runsSince(container: Docker.Container, startedAt: string): Promise<boolean> {
  const { Running, Restarting, StartedAt } = (await container.inspect()).State;
  return Running && !Restarting && StartedAt === startedAt;
}

async function connect(
  docker: Docker,
  container: Docker.Container,
  { network: name, alias }: WantedContainer,
): Promise<void> {
  const network = docker.getNetwork(name);
  const { NetworkSettings: settings } = await container.inspect();
  // An alias is part of the connection: it takes a new one.
  if (name in settings.Networks) await network.disconnect({ Container: container.id });
  await network.connect({ Container: container.id, EndpointConfig: { Aliases: [alias] } });
}
