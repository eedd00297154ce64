import type Docker from "dockerode";
import { buildImage, type RegistryLogin } from "../engine/buildImage";
import { connectDocker, isNotFound } from "../engine/connectDocker";
import type { Crud } from "./crud";

export interface BuiltImageInputs {
  /** URI of the Docker Engine that builds the image and holds it. */
  readonly dockerHost: string;
  /** Name of the image, without its tag. */
  readonly repository: string;
  /** The tag: a hash of everything that goes into the build. */
  readonly hash: string;
  /** Folder with the Dockerfile, relative to the project. */
  readonly context: string;
  /** Path of the Dockerfile, relative to the folder. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Log-ins for the images that the build starts from; of no use afterwards, so that the outputs hold none. */
  readonly logins: readonly RegistryLogin[];
}

export interface BuiltImageOutputs extends BuiltImageInputs {
  readonly imageId: string;
}

/**
 * An image that is built on the stack's own engine. Each content has a name of its own: the next image is there before
 * the one before it goes, and a build that fails leaves what runs as it is.
 */
export const provider: Crud<BuiltImageInputs, BuiltImageOutputs> = {
  async diff(_id, olds, news) {
    const keys = ["dockerHost", "repository", "hash"] as const;
    const replaces = keys.filter((key) => olds[key] !== news[key]);
    return { changes: replaces.length > 0, replaces };
  },

  async create(inputs) {
    const { dockerHost, hash } = inputs;
    const imageId = await afterEqualBuild(`${dockerHost} ${hash}`, async () => {
      const docker = await connectDocker(dockerHost);
      return buildImage(docker, { ...inputs, name: nameOf(inputs) }, announce);
    });
    return { id: nameOf(inputs), outs: { ...inputs, logins: [], imageId } };
  },

  async update(_id, olds, news) {
    return { outs: { ...news, logins: [], imageId: olds.imageId } };
  },

  async read(id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    const found = await inspectImage(docker, nameOf(olds));
    // Another image under the name is not the one that was built: it has to be built anew, as if it were gone.
    return { id: found?.Id === olds.imageId ? id : "", props: olds };
  },

  async delete(_id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    await removeImage(docker, nameOf(olds));
    // What is left without a name when somebody gave the name to another image. One that others have named stays.
    const unnamed = await inspectImage(docker, olds.imageId);
    if (unnamed && unnamed.RepoTags.length === 0) await removeImage(docker, olds.imageId);
  },
};

function nameOf({ repository, hash }: BuiltImageInputs): string {
  return `${repository}:${hash}`;
}

const running = new Map<string, Promise<unknown>>();

/**
 * Builds of the same folder run one after the other: the second finds all of it in the engine's cache, and both apps get
 * the same image.
 */
async function afterEqualBuild<T>(key: string, build: () => Promise<T>): Promise<T> {
  const before = running.get(key) ?? Promise.resolve();
  const own = before.then(build, build);
  running.set(key, own);
  return own;
}

async function inspectImage(docker: Docker, name: string) {
  try {
    return await docker.getImage(name).inspect();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const conflict = 409;

/**
 * Takes an image's name away, and with its last name the image. Never by force: the engine refuses as long as any
 * container has been made of it, and then it stays.
 */
async function removeImage(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getImage(name).remove();
  } catch (error) {
    if (isNotFound(error)) return;
    if ((error as { statusCode?: number }).statusCode !== conflict) throw error;
    announce(`The image ${name} stays, since a container uses it: ${(error as Error).message}`);
  }
}

/** Standard error of a provider is shown among the update's messages, as soon as it is written. */
function announce(line: string): void {
  console.error(line);
}
