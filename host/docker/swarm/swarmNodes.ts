import type Docker from "dockerode";
import type { DockerHost } from "../../access/dockerHost";
import { readMessage } from "../../daemon/engineSettingsError";
import { connectDocker } from "../connectDocker";
import { ifFound } from "../ifFound";
import { rejectFailure } from "../readEvents";
import { readSwarm } from "./readSwarm";

interface ListedNode {
  readonly ID: string;
  readonly Description?: { readonly Hostname?: string };
  readonly Spec?: { readonly Availability?: string };
  readonly Status?: { readonly State?: string };
}

/** A node as the managers of its Swarm see it. */
export interface NodeNow {
  readonly id: string;
  readonly name: string;
  readonly isReady: boolean;
  /** Only an `active` node is given replicas; `drain` also moves away those that it has. */
  readonly availability: string;
}

/** @param docker of a manager */
export async function listNodes(docker: Docker): Promise<NodeNow[]> {
  return ((await docker.listNodes()) as ListedNode[])
    .map(({ ID, Description, Spec, Status }) => ({
      id: ID,
      name: Description?.Hostname ?? ID,
      isReady: Status?.State === "ready",
      availability: Spec?.Availability ?? "active",
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The engine of a node; without an id one that does not answer. */
export interface ReachedNode {
  readonly host: DockerHost;
  readonly nodeId?: string;
  readonly problem?: string;
}

/** Asks the engines of nodes which nodes they are. */
export async function reachNodes(hosts: readonly DockerHost[]): Promise<ReachedNode[]> {
  return Promise.all(
    hosts.map(async (host) => {
      try {
        const { state, nodeId } = await readSwarm(host);
        return state === "active" ? { host, nodeId } : { host, problem: `its Swarm is ${state}` };
      } catch (error) {
        return { host, problem: readMessage(error) };
      }
    }),
  );
}

/**
 * The nodes that may be given replicas and are none of these engines: they cannot be handed an image.
 *
 * @param manager the engine that all images are on
 * @returns the names of nodes, with what is known of an engine that does not answer; empty when all are reached
 */
export async function findUnreachedNodes(
  manager: DockerHost,
  reached: readonly ReachedNode[],
): Promise<string[]> {
  const docker = await connectDocker(manager);
  const own = (await readSwarm(manager)).nodeId;
  const known = new Set([own, ...reached.map(({ nodeId }) => nodeId)]);
  const unreached = (await listNodes(docker))
    .filter(
      ({ id, isReady, availability }) => availability === "active" && isReady && !known.has(id),
    )
    .map(({ name }) => name);
  if (unreached.length === 0) return [];
  const silent = reached.flatMap(({ host, problem }) =>
    problem === undefined ? [] : [`${host.uri} does not answer: ${problem}`],
  );
  return [...unreached, ...silent];
}

/**
 * Loads an image of one engine into another, where it is the same image afterwards.
 *
 * @param image its id
 * @returns whether it was not there before
 * @throws Error when the other engine cannot have it
 */
export async function handOverImage(from: Docker, to: DockerHost, image: string): Promise<boolean> {
  const other = await connectDocker(to);
  if (await hasImage(other, image)) return false;
  const { RepoTags: names } = await from.getImage(image).inspect();
  const name = names[0] ?? image;
  await rejectFailure(await other.loadImage(await from.getImage(name).get(), { quiet: true }));
  if (await hasImage(other, image)) return true;
  throw new Error(
    `${to.uri} knows ${name} under another id than the manager, as engines with another kind of image store do. ` +
      "Name a registry that all nodes reach, by `swarm.registry`.",
  );
}

async function hasImage(docker: Docker, image: string): Promise<boolean> {
  return (await ifFound(docker.getImage(image).inspect())) !== undefined;
}
