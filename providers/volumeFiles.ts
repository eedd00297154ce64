import { randomUUID } from "node:crypto";
import type Docker from "dockerode";
import { type Files, packFiles, unpackFiles } from "./archive";
import { connectDocker, isNotFound } from "./connectDocker";
import { type Crud, equalValues } from "./crud";
import { runToEnd } from "./runToEnd";

export interface VolumeFilesInputs {
  /** URI of the Docker Engine. */
  readonly dockerHost: string;
  /** Name of the volume that holds the files. */
  readonly volume: string;
  /** Local image with the commands that are run: `check`, and `rm` when a file goes. */
  readonly image: string;
  /** All files that Glasshouse keeps in the volume, by path. */
  readonly files: Files;
  /** User and group that own the files. */
  readonly uid: number;
  readonly gid: number;
  /** Permission bits of the files, for example 0o444. */
  readonly mode: number;
  /**
   * Command that must succeed on the new files before any of them reaches the volume; they lie in its working
   * directory. What it says is the error.
   */
  readonly check?: string[];
}

export interface VolumeFilesOutputs extends VolumeFilesInputs {
  /** Changes with every write, and says nothing about the content. */
  readonly revision: string;
}

const mountPoint = "/glasshouse";

/**
 * Files in a named volume, written through the Docker API alone, so that a remote engine works like a local one and a
 * changed file neither replaces nor restarts the container that reads it.
 */
export const provider: Crud<VolumeFilesInputs, VolumeFilesOutputs> = {
  async diff(_id, olds, news) {
    const { revision: _, image: _oldImage, ...before } = olds;
    const { image: _newImage, ...after } = news;
    const replaces =
      before.volume === after.volume && before.dockerHost === after.dockerHost ? [] : ["volume"];
    return { changes: !equalValues(before, after), replaces };
  },

  async create(inputs) {
    const docker = await connectDocker(inputs.dockerHost);
    await writeFiles(docker, inputs, []);
    return { id: inputs.volume, outs: { ...inputs, revision: randomUUID() } };
  },

  async update(_id, olds, news) {
    const docker = await connectDocker(news.dockerHost);
    const gone = Object.keys(olds.files).filter((path) => !(path in news.files));
    await writeFiles(docker, news, gone);
    return { outs: { ...news, revision: randomUUID() } };
  },

  async read(id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    const volumes = await docker.listVolumes({ filters: { name: [olds.volume] } });
    // Mounting a volume that is gone would make an empty one, so its existence is asked for first.
    if (!volumes.Volumes.some((volume) => volume.Name === olds.volume))
      return { id: "", props: olds };
    const found = await readFiles(docker, olds);
    const files = Object.fromEntries(Object.entries(found).filter(([path]) => path in olds.files));
    return { id, props: { ...olds, files } };
  },

  async delete() {
    // The files go with their volume, which is a resource of its own.
  },
};

async function writeFiles(
  docker: Docker,
  inputs: VolumeFilesInputs,
  gone: string[],
): Promise<void> {
  if (inputs.check) await rejectFailedCheck(docker, inputs, inputs.check);
  await withMountedVolume(docker, inputs, async (container) => {
    await container.putArchive(packFiles(inputs.files, inputs), { path: mountPoint });
  });
  if (gone.length > 0) {
    const removal = await runToEnd(docker, {
      ...helper(inputs),
      Entrypoint: ["rm", "-f", "--", ...gone.map((path) => `${mountPoint}/${path}`)],
      HostConfig: { Mounts: [mountOf(inputs.volume)], NetworkMode: "none" },
    });
    if (removal.exitCode !== 0)
      throw new Error(`could not remove ${gone.join(", ")}: ${removal.output}`);
  }
}

async function rejectFailedCheck(
  docker: Docker,
  inputs: VolumeFilesInputs,
  check: string[],
): Promise<void> {
  const folder = "/tmp/glasshouse-check";
  const result = await runToEnd(
    docker,
    {
      ...helper(inputs),
      Entrypoint: check,
      WorkingDir: folder,
      HostConfig: { NetworkMode: "none" },
    },
    async (container) => {
      await container.putArchive(packFiles(prefixed(inputs.files, folder), inputs), { path: "/" });
    },
  );
  if (result.exitCode !== 0) {
    throw new Error(
      `\`${check.join(" ")}\` refuses the new files; what was there before stays in use.\n${result.output.trim()}`,
    );
  }
}

async function readFiles(docker: Docker, inputs: VolumeFilesInputs): Promise<Files> {
  return withMountedVolume(docker, inputs, async (container) => {
    try {
      return await unpackFiles(
        await container.getArchive({ path: mountPoint }),
        mountPoint.slice(1),
      );
    } catch (error) {
      if (isNotFound(error)) return {};
      throw error;
    }
  });
}

/** Docker's archive API reaches a volume only through a container that mounts it; it need not run. */
async function withMountedVolume<T>(
  docker: Docker,
  inputs: VolumeFilesInputs,
  use: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  const container = await docker.createContainer({
    ...helper(inputs),
    HostConfig: { Mounts: [mountOf(inputs.volume)], NetworkMode: "none" },
  });
  try {
    return await use(container);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

function helper({ volume, image }: VolumeFilesInputs): Docker.ContainerCreateOptions {
  return {
    name: `${volume}-writer-${randomUUID().slice(0, 8)}`,
    Image: image,
    User: "0:0",
    Labels: { "glasshouse.helper": "volume-files" },
  };
}

function mountOf(volume: string): Docker.MountSettings {
  return { Type: "volume", Source: volume, Target: mountPoint };
}

function prefixed(files: Files, folder: string): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`${folder.slice(1)}/${path}`, content]),
  );
}
