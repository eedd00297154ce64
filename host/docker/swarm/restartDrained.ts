import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { DockerHost } from "../../access/dockerHost";
import { EngineSettingsError, readMessage } from "../../daemon/engineSettingsError";
import { connectDocker, isNotFound } from "../connectDocker";
import { readSwarm } from "./readSwarm";
import type { TaskNow } from "./waitForService";

/** The engine of a node, and one of a manager of its Swarm. */
export interface SwarmMember {
  readonly node: DockerHost;
  readonly manager: DockerHost;
}

/** On a node that is drained for a restart: the availability to put back, which a run that is cut short leaves to the next one. */
export const drainedFromLabel = "glasshouse.drained-from";

interface InspectedNode {
  readonly Version: { readonly Index: number };
  readonly Description?: { readonly Hostname?: string };
  readonly Status?: { readonly State?: string };
  readonly Spec: {
    readonly Availability: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
}

interface ListedTask extends TaskNow {
  readonly ServiceID: string;
}

const settleSeconds = 60;
const steadyMilliseconds = 2000;
const moveSeconds = 120;
const readySeconds = 60;
/** For managers that elect another leader, or a node that someone else changes at the same moment. */
const changeSeconds = 30;
const pollMilliseconds = 500;
const over: readonly string[] = [
  "complete",
  "shutdown",
  "failed",
  "rejected",
  "remove",
  "orphaned",
];

/**
 * Restarts the engine of a node while the Swarm runs the replicas of that node elsewhere: drains it, waits for the replicas, restarts,
 * waits until the node is ready, and puts it back to what it was, also when the restart failed. An engine in no Swarm is just restarted.
 *
 * @param tell hears what a person should know
 * @throws Error of the restart, or about a node that is not ready or not put back afterwards
 */
export async function restartDrained<T>(
  member: SwarmMember,
  restart: () => Promise<T>,
  tell: (message: string) => void,
): Promise<T> {
  const docker = await connectDocker(member.manager);
  const drained = await findNodeId(docker, member.node);
  let done: T;
  try {
    if (drained !== undefined) await drain(docker, drained, tell);
    done = await restart();
  } catch (thrown) {
    try {
      if (drained !== undefined) await putBack(docker, drained);
    } catch (second) {
      throw new EngineSettingsError(`${readMessage(thrown)}.\n${readMessage(second)}.`, {
        cause: thrown,
      });
    }
    throw thrown;
  }
  // One that was down before may have been drained by an earlier run.
  const id = drained ?? (await findNodeId(docker, member.node));
  if (id === undefined) return done;
  const problem = await findUnreadiness(docker, member.node, id);
  await putBack(docker, id);
  if (problem !== undefined) throw new EngineSettingsError(problem);
  return done;
}

/** Puts a node back that an earlier run has drained and left so. */
export async function putBackNode({ node, manager }: SwarmMember): Promise<void> {
  const docker = await connectDocker(manager);
  const id = await findNodeId(docker, node);
  if (id !== undefined) await putBack(docker, id);
}

/** Whether an earlier run has drained a node and was cut short. */
export async function isLeftDrained({ node, manager }: SwarmMember): Promise<boolean> {
  const docker = await connectDocker(manager);
  const id = await findNodeId(docker, node);
  const found = id === undefined ? undefined : await readNode(docker, id);
  return found?.Spec.Labels?.[drainedFromLabel] !== undefined;
}

async function drain(docker: Docker, id: string, tell: (message: string) => void): Promise<void> {
  // An engine that was restarted just before this one may still be starting the replicas that are to serve meanwhile, and until its
  // node has told so the managers take them for running.
  const wanted = countReplicas(await listTasks(docker), id, isWanted);
  await waitUntilSteady(
    async () => isPlaced(await listTasks(docker), wanted),
    wanted.size === 0 ? 0 : steadyMilliseconds,
    settleSeconds,
  );
  const before = countReplicas(await listTasks(docker), id, isRunning);
  await changeNode(docker, id, ({ Availability, Labels }) =>
    Availability === "drain"
      ? undefined
      : { Availability: "drain", Labels: { ...Labels, [drainedFromLabel]: Availability } },
  );
  const hasMoved = async () => {
    const tasks = await listTasks(docker);
    const here = tasks.filter(({ NodeID }) => NodeID === id);
    return here.every(({ Status }) => over.includes(Status.State)) && isPlaced(tasks, before);
  };
  if (await waitUntilSteady(hasMoved, 0, moveSeconds)) return;
  tell(
    `After ${moveSeconds} s not all replicas of the drained node have stopped and run elsewhere. Its engine is restarted all the same.`,
  );
}

/** Waits until something has held for a while; false when that takes too long. */
async function waitUntilSteady(
  holds: () => Promise<boolean>,
  milliseconds: number,
  timeoutSeconds: number,
): Promise<boolean> {
  const start = Date.now();
  let since: number | undefined;
  for (;;) {
    const now = Date.now();
    since = (await holds()) ? (since ?? now) : undefined;
    if (since !== undefined && now - since >= milliseconds) return true;
    if (now - start > timeoutSeconds * 1000) return false;
    await sleep(pollMilliseconds);
  }
}

async function putBack(docker: Docker, id: string): Promise<void> {
  await changeNode(docker, id, ({ Availability, Labels }) => {
    const { [drainedFromLabel]: before, ...rest } = Labels ?? {};
    if (before === undefined) return undefined;
    return { Availability: Availability === "drain" ? before : Availability, Labels: rest };
  });
}

/** Changes what the managers know of a node; one that they do not know stays as it is. */
async function changeNode(
  docker: Docker,
  id: string,
  change: (spec: InspectedNode["Spec"]) => InspectedNode["Spec"] | undefined,
): Promise<void> {
  const deadline = Date.now() + changeSeconds * 1000;
  let name = id;
  for (;;) {
    try {
      const found = await readNode(docker, id);
      name = found?.Description?.Hostname ?? name;
      const changed = found && change(found.Spec);
      if (found === undefined || changed === undefined) return;
      await docker.getNode(id).update({
        _query: { version: found.Version.Index },
        _body: { ...found.Spec, ...changed },
      });
      return;
    } catch (thrown) {
      if (Date.now() > deadline) {
        throw new EngineSettingsError(
          `The availability of the node ${name} cannot be changed: ${readMessage(thrown)}. ` +
            `\`docker node ls\` shows it; to use it again: docker node update --availability active ${name}`,
          { cause: thrown },
        );
      }
      await sleep(pollMilliseconds);
    }
  }
}

/** Why a node is not ready although it had the time, as a sentence. */
async function findUnreadiness(
  docker: Docker,
  node: DockerHost,
  id: string,
): Promise<string | undefined> {
  const deadline = Date.now() + readySeconds * 1000;
  for (;;) {
    let seen: string;
    try {
      const { state } = await readSwarm(node);
      const atManager = (await readNode(docker, id))?.Status?.State ?? "unknown";
      if (state === "active" && atManager === "ready") return undefined;
      seen = `its Swarm is ${state}, and the node ${atManager} to its managers`;
    } catch (thrown) {
      seen = readMessage(thrown);
    }
    if (Date.now() > deadline) {
      return `The engine of ${node.uri} was restarted, but its node is not ready after ${readySeconds} s: ${seen}.`;
    }
    await sleep(pollMilliseconds);
  }
}

/** Undefined for an engine that does not answer, or is no node of the Swarm. */
async function findNodeId(docker: Docker, node: DockerHost): Promise<string | undefined> {
  const swarm = await readSwarm(node).catch(() => undefined);
  if (swarm?.state !== "active") return undefined;
  return (await readNode(docker, swarm.nodeId)) && swarm.nodeId;
}

/** Undefined for a node of another Swarm, and where the engine that is asked is no manager. */
async function readNode(docker: Docker, id: string): Promise<InspectedNode | undefined> {
  try {
    return (await docker.getNode(id).inspect()) as InspectedNode;
  } catch (error) {
    if (isNotFound(error) || /not a swarm manager/i.test(readMessage(error))) return undefined;
    throw error;
  }
}

async function listTasks(docker: Docker): Promise<ListedTask[]> {
  return (await docker.listTasks()) as ListedTask[];
}

/** How many such replicas there are of each service that has one on this node. What runs on each node has none to move. */
function countReplicas(
  tasks: readonly ListedTask[],
  node: string,
  isSuch: (task: ListedTask) => boolean,
): Map<string, number> {
  const such = tasks.filter((task) => (task.Slot ?? 0) > 0 && isSuch(task));
  const here = such.filter(({ NodeID }) => NodeID === node);
  return new Map(here.map(({ ServiceID: id }) => [id, countOf(such, id)]));
}

/** Whether as many replicas run, but for those that no node will have before this one is back. */
function isPlaced(tasks: readonly ListedTask[], wanted: ReadonlyMap<string, number>): boolean {
  const placed = tasks.filter((task) => isRunning(task) || hasNoPlace(task));
  return [...wanted].every(([service, count]) => countOf(placed, service) >= count);
}

const isWanted = ({ DesiredState }: ListedTask): boolean => DesiredState === "running";

const isRunning = (task: ListedTask): boolean => isWanted(task) && task.Status.State === "running";

const hasNoPlace = (task: ListedTask): boolean =>
  isWanted(task) && task.Status.State === "pending" && Boolean(task.Status.Err);

const countOf = (tasks: readonly ListedTask[], service: string): number =>
  tasks.filter(({ ServiceID }) => ServiceID === service).length;
