import { setTimeout as sleep } from "node:timers/promises";
import { connectDocker } from "../engine/connectDocker";
import { type Crud, equalValues } from "./crud";
import { waitForContainers } from "./waitForContainers";

export interface TurnInputs {
  /** URI of the Docker Engine. */
  readonly dockerHost: string;
  /** The replicas whose turn comes before: their ids, by the names that a user knows them by. */
  readonly before: Record<string, string>;
  /** Seconds that each of them may take until it runs and, with a health check, is healthy. */
  readonly timeoutSeconds: number;
}

/** How long the replicas before have done their work again when the next ones go: clients have to notice it first. */
const handoverMilliseconds = 2000;

/**
 * Lets the next replicas of an app be replaced only when those before them do their work again. When they do not, the
 * update ends, and the replicas whose turn has not come run on as they were.
 */
export const provider: Crud<TurnInputs, TurnInputs> = {
  async diff(_id, olds, news) {
    return { changes: !equalValues(olds.before, news.before) };
  },
  async create(inputs) {
    // At the first deployment no replica serves yet that could be missed.
    return { id: "turn", outs: inputs };
  },
  async update(_id, _olds, news) {
    const docker = await connectDocker(news.dockerHost);
    await waitForContainers(docker, news.before, news.timeoutSeconds);
    await sleep(handoverMilliseconds);
    return { outs: news };
  },
  async read(id, olds) {
    return { id, props: olds };
  },
  async delete() {
    // Nothing was made: a wait has no remains.
  },
};
