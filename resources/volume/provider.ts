import { connectDocker } from "../../host/docker/connectDocker";
import { listHelpers } from "../../host/docker/leftovers";
import { type Crud, equalValues } from "../crud";
import {
  isOfDockerProvider,
  readImmutableResource,
  removeImmutableResource,
} from "../immutableResource";
import type { VolumeInputs } from "./inputs";

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
    return readImmutableResource(id, olds, (docker) => docker.getVolume(id).inspect());
  },

  async delete(id, { dockerHost }) {
    const docker = await connectDocker(dockerHost);
    // What a killed run left behind would hold it for good.
    for (const helper of await listHelpers(docker, [id])) {
      await docker.getContainer(helper.Id).remove({ force: true });
    }
    await removeImmutableResource(
      `The volume ${id}`,
      () => `\`docker ps --all --filter volume=${id}\` shows who uses it.`,
      () => docker.getVolume(id).remove(),
    );
  },
};
