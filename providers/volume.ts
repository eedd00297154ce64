import { connectDocker, isNotFound } from "../engine/connectDocker";
import { listHelpers } from "../engine/leftovers";
import { type Crud, equalValues } from "./crud";
import { retryWhileUsed } from "./retryWhileUsed";

export interface VolumeInputs {
  /** URI of the Docker Engine. */
  readonly dockerHost: string;
  readonly name: string;
}

/**
 * A named volume of the engine's own disk. The Docker provider waits 2 s before each removal (`volumeReadRefreshDelay` in
 * terraform-provider-docker's `resource_docker_volume.go`).
 */
export const provider: Crud<VolumeInputs, VolumeInputs> = {
  async diff(_id, olds, news) {
    // Another way to the same engine is no reason: its data would go. On another engine the next look finds it gone.
    const isRenamed = !isOfDockerProvider(olds) && olds.name !== news.name;
    return { changes: !equalValues(olds, news), replaces: isRenamed ? ["name"] : [] };
  },

  /** One that is there already keeps its data: it is taken over. */
  async create(inputs) {
    const docker = await connectDocker(inputs.dockerHost);
    await docker.createVolume({ Name: inputs.name });
    return { id: inputs.name, outs: inputs };
  },

  async update(_id, _olds, news) {
    return { outs: news };
  },

  async read(id, olds) {
    if (isOfDockerProvider(olds)) return { id, props: olds };
    const docker = await connectDocker(olds.dockerHost);
    try {
      await docker.getVolume(id).inspect();
      return { id, props: olds };
    } catch (error) {
      if (isNotFound(error)) return { id: "", props: olds };
      throw error;
    }
  },

  async delete(id, { dockerHost }) {
    const docker = await connectDocker(dockerHost);
    const volume = docker.getVolume(id);
    // What a killed run left behind would hold it for good.
    for (const helper of await listHelpers(docker, [id])) {
      await docker.getContainer(helper.Id).remove({ force: true });
    }
    try {
      await retryWhileUsed(() => volume.remove());
    } catch (error) {
      if (isNotFound(error)) return;
      throw new Error(
        `The volume ${id} cannot be removed: ${(error as Error).message}. \`docker ps --all --filter volume=${id}\` shows who uses it.`,
        { cause: error },
      );
    }
  },
};

/** Whether these are the notes of the Docker provider, whose resource it was before: it is the same volume. */
function isOfDockerProvider(olds: Partial<VolumeInputs>): boolean {
  return olds.dockerHost === undefined;
}
