import { setTimeout as sleep } from "node:timers/promises";
import { connectDocker } from "../../host/docker/connectDocker";
import { type Crud, equalValues } from "../crud";
import { waitForContainers } from "../../host/docker/waitForContainers";
import type { RolloutGateInputs } from "./inputs";

/** How long the replicas before have done their work again when the next ones go: clients have to notice it first. */
const handoverMilliseconds = 2000;

/**
 * Lets the next replicas of an app be replaced only when those before them do their work again. When they do not, the
 * update ends, and the replicas whose turn has not come run on as they were.
 */
export const provider: Crud<RolloutGateInputs, RolloutGateInputs> = {
  async diff(_id, olds, news) {
    return { changes: !equalValues(olds.before, news.before) };
  },
  async create(inputs) {
    // At the first deployment no replica serves yet that could be missed.
    return { id: "turn", outs: inputs };
  },
  async update(_id, _olds, news) {
    const docker = await connectDocker(news.dockerHost);
    await waitForContainers(docker, news.before, news.timeoutSeconds, news.port);
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
