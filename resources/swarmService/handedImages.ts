import type Docker from "dockerode";
import type { DockerHost } from "../../host/access/dockerHost";
import { connectDocker, isNotFound } from "../../host/docker/connectDocker";
import { fetchFromEngine } from "../../host/docker/engineRequest";
import { findUnreachedNodes, handOverImage, reachNodes } from "../../host/docker/swarm/swarmNodes";
import { retryWhileUsed } from "../immutableResource";
import type { SwarmServiceInputs } from "./inputs";

const answerSeconds = 10;
/** How long the replicas of a removed service may take to go from all nodes. */
const goneSeconds = 40;

/** An image that a node has for the service alone. */
export interface HandedImage {
  readonly node: DockerHost;
  readonly imageId: string;
}

/**
 * Hands the image of a service to all nodes that could be given one of its replicas.
 *
 * @throws Error when there is a node that cannot be handed it
 */
export async function handOver(
  docker: Docker,
  { dockerHost, name, image, imageId, nodes = [] }: SwarmServiceInputs,
): Promise<HandedImage[]> {
  const reached = await reachNodes(nodes);
  const unreached = await findUnreachedNodes(dockerHost, reached);
  if (unreached.length > 0) {
    throw new Error(
      `The image of ${name} is on the manager only, and some nodes of the Swarm cannot be handed it: ` +
        `${unreached.join("; ")}. Name their engines by \`swarm.nodes\`, or an image that a registry has.`,
    );
  }
  const handed: HandedImage[] = [];
  for (const { host: node, nodeId } of reached) {
    if (nodeId === undefined) continue;
    const isNew = await handOverImage(docker, node, imageId);
    // A built one is there for nobody else; an update that failed has handed it already.
    if (isNew || image === undefined) handed.push({ node, imageId });
  }
  return handed;
}

/**
 * Removes handed images that the service does not use any more.
 *
 * @param used the image that stays; undefined for none, when replicas that are about to end are waited for
 * @returns those that stay for now: a replica that has ended still holds its image, or a node does not answer
 */
export async function removeHanded(
  handed: readonly HandedImage[],
  used: string | undefined,
): Promise<HandedImage[]> {
  const unique = new Map(handed.map((each) => [`${each.node.uri} ${each.imageId}`, each]));
  const patienceSeconds = used === undefined ? goneSeconds : 0;
  const left = await Promise.all(
    [...unique.values()].map(async (each) =>
      each.imageId !== used && (await removeImage(each, patienceSeconds)) ? [] : [each],
    ),
  );
  return left.flat();
}

async function removeImage(
  { node, imageId }: HandedImage,
  patienceSeconds: number,
): Promise<boolean> {
  try {
    const docker = await connectDocker(node);
    const remove = () =>
      docker.getImage(imageId).remove({ abortSignal: AbortSignal.timeout(answerSeconds * 1000) });
    await retryWhileUsed(remove, patienceSeconds);
    return true;
  } catch (error) {
    return isNotFound(error);
  }
}

/** Which node has lost the image, or has joined since, in words; empty when all that answer have it. */
export async function findNodeWithout({
  nodes = [],
  imageId,
  handed = [],
}: SwarmServiceInputs & { readonly handed?: readonly HandedImage[] }): Promise<string> {
  if (handed.length === 0) return "";
  const path = `/images/${imageId}/json`;
  const missing = await Promise.all(
    nodes.map(async (node) => {
      try {
        const { status } = await fetchFromEngine(node, path, answerSeconds);
        return status === 404 ? [node.uri] : [];
      } catch {
        // A node that does not answer is the Swarm's to tell of.
        return [];
      }
    }),
  );
  const uris = missing.flat();
  return uris.length === 0 ? "" : `has no image on ${uris.join(", ")}`;
}
