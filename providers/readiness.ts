import { connectDocker } from "./connectDocker";
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
    return { id, props: olds };
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
