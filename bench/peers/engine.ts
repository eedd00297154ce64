import type Docker from "dockerode";
import { localDockerHost } from "../../host/access/dockerHost";
import { connectDocker } from "../../host/docker/connectDocker";
import { retryWhileUsed } from "../../resources/immutableResource";
import { measure } from "../runMeasured";
import type { PlannedContainer } from "../stackPlan";
import { buildCreateOptions } from "./buildCreateOptions";
import { type HostFolders, removeHostFolders, writeHostFolders } from "./hostFolders";
import { type Peer, type PeerContext, type Scenario, startTimeoutSeconds } from "./peer";
import { sendReload } from "./sendReload";

const pollMilliseconds = 100;
const leaveTimeoutSeconds = 30;

/**
 * The engine alone: all that can be done at once is asked for at once, by a caller who knows what has changed. No tool on
 * top of the Docker API can be faster.
 */
export async function openEngine({ prefix, folder, signal }: PeerContext): Promise<Peer> {
  const docker = await connectDocker(localDockerHost);
  const { Version: version } = await docker.version();
  let deployed: Scenario["plan"] = { containers: [], volumes: [], folders: {} };

  const up = async ({ plan, healthChecked }: Scenario) => {
    const { folders, changed } = writeHostFolders(plan, folder);
    const isFirst = deployed.containers.length === 0;
    if (isFirst) await docker.createNetwork({ Name: prefix, Driver: "bridge" });
    const kept = plan.containers.filter((one) => isSame(one, find(deployed.containers, one.name)));
    const gone = deployed.containers.filter((one) => !kept.some(({ name }) => name === one.name));
    const fresh = plan.containers.filter((one) => !kept.includes(one));
    await Promise.all(gone.map((one) => remove(docker, `${prefix}-${one.name}`, one)));
    await Promise.all(fresh.map((one) => start(docker, one, prefix, folders)));
    if (!isFirst) await sendReload(docker, plan, prefix, changed);
    deployed = plan;
    await Promise.all(
      fresh.map(({ name }) =>
        waitFor(docker, `${prefix}-${name}`, healthChecked.includes(name), signal),
      ),
    );
  };

  const destroy = async () => {
    const { containers, volumes } = deployed;
    await Promise.all(containers.map((one) => remove(docker, `${prefix}-${one.name}`, one)));
    await Promise.all([
      // A busy engine answers that a container is gone before the container has left the network.
      retryWhileUsed(() => docker.getNetwork(prefix).remove(), leaveTimeoutSeconds),
      ...volumes.map((volume) => docker.getVolume(`${prefix}-${volume}`).remove()),
    ]);
    deployed = { containers: [], volumes: [], folders: {} };
  };

  return {
    id: "engine",
    title: `Docker Engine ${version}, its API alone`,
    up: (scenario) => measure(() => up(scenario)),
    preview: undefined,
    destroy: () => measure(destroy),
    readStateBytes: () => 0,
    close: async () => removeHostFolders(folder),
  };
}

function find(containers: readonly PlannedContainer[], wanted: string) {
  return containers.find(({ name }) => name === wanted);
}

function isSame(one: PlannedContainer, other: PlannedContainer | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function start(
  docker: Docker,
  planned: PlannedContainer,
  prefix: string,
  folders: HostFolders,
): Promise<void> {
  const container = await docker.createContainer(buildCreateOptions(planned, prefix, folders));
  await container.start();
}

async function remove(
  docker: Docker,
  name: string,
  { stopGraceSeconds }: PlannedContainer,
): Promise<void> {
  const container = docker.getContainer(name);
  await container.stop({ t: stopGraceSeconds });
  await container.remove({ force: true });
}

async function waitFor(
  docker: Docker,
  name: string,
  hasHealthCheck: boolean,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + startTimeoutSeconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    const { State: state } = await docker.getContainer(name).inspect();
    if (hasHealthCheck ? state.Health?.Status === "healthy" : state.Running) return;
    if (Date.now() > deadline) throw new Error(`${name} did not become healthy`);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}
