import { connectDocker, isNotFound } from "./connectDocker";
import { type Crud, equalValues } from "./crud";
import { waitForContainers } from "./waitForContainers";

export interface ReadinessInputs {
  /** URI of the Docker Engine. */
  readonly dockerHost: string;
  /** The containers to wait for: their ids, by the names that a user knows them by. */
  readonly containers: Record<string, string>;
  /** Seconds that each of them may take until it runs and, with a health check, is healthy. */
  readonly timeoutSeconds: number;
  /** Limit of processes and threads in each of them. */
  readonly pids: number;
}

/**
 * Waits until containers do their work, and limits their processes: the Docker provider has no field for that limit, and
 * the engine takes it while a container runs.
 */
export const provider: Crud<ReadinessInputs, ReadinessInputs> = {
  async diff(_id, olds, news) {
    return { changes: olds.pids !== news.pids || !equalValues(olds.containers, news.containers) };
  },
  async create(inputs) {
    await settle(inputs);
    return { id: "ready", outs: inputs };
  },
  async update(_id, _olds, news) {
    await settle(news);
    return { outs: news };
  },
  async read(id, olds) {
    const found = await readLimits(olds);
    const changed = found.find((pids) => pids !== olds.pids);
    return { id, props: changed === undefined ? olds : { ...olds, pids: changed } };
  },
  async delete() {
    // Nothing was made: a wait has no remains.
  },
};

async function settle({
  dockerHost,
  containers,
  timeoutSeconds,
  pids,
}: ReadinessInputs): Promise<void> {
  const docker = await connectDocker(dockerHost);
  await waitForContainers(docker, containers, timeoutSeconds);
  await Promise.all(
    Object.values(containers).map((id) => docker.getContainer(id).update({ PidsLimit: pids })),
  );
}

/** The limits as they are; 0 for none. A container that is gone is its own resource's to report. */
async function readLimits({ dockerHost, containers }: ReadinessInputs): Promise<number[]> {
  const docker = await connectDocker(dockerHost);
  const limits = Object.values(containers).map(async (id) => {
    try {
      const { HostConfig } = await docker.getContainer(id).inspect();
      return [Math.max(0, HostConfig.PidsLimit ?? 0)];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  });
  return (await Promise.all(limits)).flat();
}
