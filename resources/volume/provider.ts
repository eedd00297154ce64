import type Docker from "dockerode";
import { connectDocker } from "../../host/docker/connectDocker";
import { ifFound } from "../../host/docker/ifFound";
import { listHelpers } from "../../host/docker/leftovers";
import { ensureVolumeOwner, prepareVolume } from "../../host/docker/prepareVolume";
import { type Crud, equalValues } from "../crud";
import {
  isOfDockerProvider,
  readImmutableResource,
  removeImmutableResource,
} from "../immutableResource";
import { tellUser } from "../tellUser";
import type { VolumeInputs } from "./inputs";

/**
 * A named volume of the engine's own disk. The Docker provider waits 2 s before each removal (`volumeReadRefreshDelay` in
 * terraform-provider-docker's `resource_docker_volume.go`).
 */
export const provider: Crud<VolumeInputs, VolumeInputs> = {
  async diff(_id, olds, news) {
    // Another way to the same engine is no reason: its data would go. On another engine the next look finds it gone.
    const isRenamed = !isOfDockerProvider(olds) && olds.name !== news.name;
    const replaces = isRenamed ? ["name"] : [];
    return { changes: isRenamed || !equalValues(withoutFirst(olds), withoutFirst(news)), replaces };
  },

  /** One that is there already keeps its data: it is taken over. */
  async create(inputs) {
    const { name, labels = {}, content } = inputs;
    const docker = await connectDocker(inputs.dockerHost);
    if (content === undefined) {
      await docker.createVolume({ Name: name, Labels: labels });
    } else if (await exists(docker, name)) {
      await ensureVolumeOwner(docker, name, content);
    } else {
      await docker.createVolume({ Name: name, Labels: labels });
      await orRemove(docker, name, prepareVolume(docker, name, content));
    }
    return { id: name, outs: inputs };
  },

  async update(id, _olds, news) {
    if (news.content)
      await ensureVolumeOwner(await connectDocker(news.dockerHost), id, news.content);
    return { outs: news };
  },

  async read(id, olds) {
    return readImmutableResource(id, olds, (docker) => docker.getVolume(id).inspect());
  },

  async delete(id, { dockerHost, holdsData = serverData.test(id) }) {
    const docker = await connectDocker(dockerHost);
    // What a killed run left behind would hold it for good.
    for (const helper of await listHelpers(docker, [id])) {
      await docker.getContainer(helper.Id).remove({ force: true });
    }
    if (holdsData) {
      // `npm run down` lists what stays, or removes it.
      if (process.env["GLASSHOUSE_DOWN"] === "true") return;
      await tellUser(
        `The volume ${id} holds data and is kept. To remove it: docker volume rm ${id}`,
      );
      return;
    }
    await removeImmutableResource(
      `The volume ${id}`,
      () => `\`docker ps --all --filter volume=${id}\` shows who uses it.`,
      () => docker.getVolume(id).remove(),
    );
  },
};

/** A state that an earlier version wrote does not say what holds data. */
const serverData = /-(prometheus|grafana)-data$/;

/** Without what counts at the first time only; the owner counts always. */
function withoutFirst({ content, labels: _, ...inputs }: VolumeInputs): unknown {
  return { ...inputs, user: content?.user };
}

async function exists(docker: Docker, name: string): Promise<boolean> {
  return (await ifFound(docker.getVolume(name).inspect())) !== undefined;
}

/** Half of the data in a volume would be taken for all of it at the next try. */
async function orRemove(docker: Docker, name: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    await docker.getVolume(name).remove({ force: true });
    throw error;
  }
}
