import type Docker from "dockerode";
import { isSameEngine } from "../../host/access/dockerHost";
import { buildImage } from "../../host/build/buildImage";
import { pushImage } from "../../host/build/pushImage";
import { connectDocker, isInUse, isNotFound } from "../../host/docker/connectDocker";
import { ifFound } from "../../host/docker/ifFound";
import type { Crud } from "../crud";
import type { BuiltImageInputs } from "./inputs";

export interface BuiltImageOutputs extends BuiltImageInputs {
  readonly imageId: string;
  /** Whether the name meant that image when it was last looked at. */
  readonly isThere: boolean;
}

/**
 * An image that is built on the stack's own engine. Each content has a name of its own: the next image is there before
 * the one before it goes, and a build that fails leaves what runs as it is.
 */
export const provider: Crud<BuiltImageInputs, BuiltImageOutputs> = {
  async diff(_id, olds, news) {
    const keys = ["repository", "hash"] as const;
    const replaces: string[] = keys.filter((key) => olds[key] !== news[key]);
    if (!isSameEngine(olds.dockerHost, news.dockerHost)) replaces.push("dockerHost");
    const isReachedOtherwise = olds.dockerHost.certPath !== news.dockerHost.certPath;
    return { changes: replaces.length > 0 || isReachedOtherwise || !olds.isThere, replaces };
  },

  async create(inputs) {
    const imageId = await provide(inputs);
    return { id: nameOf(inputs), outs: { ...inputs, logins: [], imageId, isThere: true } };
  },

  async update(_id, olds, news) {
    const imageId = olds.isThere ? olds.imageId : await provide(news, olds.imageId);
    return { outs: { ...news, logins: [], imageId, isThere: true } };
  },

  async read(id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    const found = await inspectImage(docker, nameOf(olds));
    const isKnown = !olds.isPushed || found?.RepoDigests.some(isOf(olds.repository)) === true;
    return { id, props: { ...olds, isThere: found?.Id === olds.imageId && isKnown } };
  },

  async delete(_id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    await oneByOne(olds.dockerHost.uri, async () => {
      await removeImage(docker, nameOf(olds));
      // What is left without a name when the name was given to another image. One that others have named stays.
      const unnamed = await inspectImage(docker, olds.imageId);
      if (unnamed && unnamed.RepoTags.length === 0) await removeImage(docker, olds.imageId);
    });
  },
};

function nameOf({ repository, hash }: BuiltImageInputs): string {
  return `${repository}:${hash}`;
}

const running = new Map<string, Promise<unknown>>();

/**
 * Builds of the same content run one after the other, so that the second finds the first one's image; removals too,
 * because the engine stumbles over two that take away the same layers.
 */
async function oneByOne<T>(key: string, act: () => Promise<T>): Promise<T> {
  const before = running.get(key) ?? Promise.resolve();
  const own = before.then(act, act);
  running.set(key, own);
  return own;
}

/**
 * Makes sure of the image under its name.
 *
 * @param lost the image that had the name, in case that the engine still has it: a container may use it
 * @returns the image's id
 */
async function provide(inputs: BuiltImageInputs, lost?: string): Promise<string> {
  const { dockerHost, repository, hash } = inputs;
  const docker = await connectDocker(dockerHost);
  return oneByOne(`${dockerHost.uri} ${hash}`, async () => {
    const kept = lost === undefined ? undefined : await inspectImage(docker, lost);
    const equal = kept?.Id ?? (await findEqualImage(docker, inputs));
    if (equal !== undefined) await docker.getImage(equal).tag({ repo: repository, tag: hash });
    const imageId = equal ?? (await build(docker, inputs));
    if (inputs.isPushed) await pushImage(docker, { repository, tag: hash, logins: inputs.logins });
    return imageId;
  });
}

/** Whether a digest is what a registry answered for a repository. */
function isOf(repository: string): (digest: string) => boolean {
  return (digest) => digest.startsWith(`${repository}@`);
}

/**
 * The image of another app of the stack with the same content. The engine's cache does not find it reliably: builds that
 * ran side by side leave several beginnings of the same chain.
 */
async function findEqualImage(
  docker: Docker,
  { repository, hash }: BuiltImageInputs,
): Promise<string | undefined> {
  const stack = repository.slice(0, repository.lastIndexOf("/") + 1);
  const own = `${repository}:${hash}`;
  const filters = JSON.stringify({ reference: [`${stack}*:${hash}`] });
  const images = await docker.listImages({ filters });
  return images.find(({ RepoTags }) =>
    RepoTags?.some((name) => name !== own && name.startsWith(stack) && name.endsWith(`:${hash}`)),
  )?.Id;
}

async function build(docker: Docker, inputs: BuiltImageInputs): Promise<string> {
  const wanted = { ...inputs, name: nameOf(inputs) };
  try {
    return await buildImage(docker, wanted, announce);
  } catch (error) {
    if (!hasLostImage(error)) throw error;
    return buildImage(docker, wanted, announce);
  }
}

/** Whether an image was removed by another process at the same moment, such as another stack's update. */
function hasLostImage(error: unknown): boolean {
  return /unrecognized image ID/.test((error as Error).message);
}

function inspectImage(docker: Docker, name: string) {
  return ifFound(docker.getImage(name).inspect());
}

/**
 * Takes an image's name away, and with its last name the image. Never by force: the engine refuses as long as any
 * container has been made of it, and then it stays.
 */
async function removeImage(docker: Docker, name: string, attempts = 3): Promise<void> {
  try {
    await docker.getImage(name).remove();
  } catch (error) {
    if (isNotFound(error)) return;
    if (hasLostImage(error) && attempts > 1) return removeImage(docker, name, attempts - 1);
    if (!isInUse(error)) throw error;
    announce(`The image ${name} stays, since a container uses it: ${(error as Error).message}`);
  }
}

/** Standard error of a provider is shown among the update's messages, as soon as it is written. */
function announce(line: string): void {
  console.error(line);
}
