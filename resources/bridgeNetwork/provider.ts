import { connectDocker } from "../../host/docker/connectDocker";
import { freeOrphans, readNetworkMembers } from "../../host/docker/networkMembers";
import type Docker from "dockerode";
import { createNetwork } from "../createNetwork";
import { type Crud, equalValues } from "../crud";
import {
  isOfDockerProvider,
  readImmutableResource,
  removeImmutableResource,
} from "../immutableResource";
import type { BridgeNetworkInputs } from "./inputs";

/**
 * A bridge network. The Docker provider waits 2 s before each first look at a network, at every creation, refresh and
 * removal (`networkReadRefreshDelay` in terraform-provider-docker's `resource_docker_network_funcs.go`), with all
 * containers behind it; and it takes a network for removed when the engine does not answer.
 */
export const provider: Crud<BridgeNetworkInputs, BridgeNetworkInputs> = {
  async diff(_id, olds, news) {
    return { changes: !equalValues(olds, news), replaces: findReplacing(olds, news) };
  },

  async create(inputs) {
    const { internal } = inputs;
    const id = await createNetwork(inputs, {
      Driver: "bridge",
      ...(internal !== undefined && { Internal: internal }),
    });
    return { id, outs: inputs };
  },

  async update(_id, _olds, news) {
    return { outs: news };
  },

  async read(id, olds) {
    return readImmutableResource(id, olds, (docker) => docker.getNetwork(id).inspect());
  },

  async delete(id, { dockerHost, name }) {
    const docker = await connectDocker(dockerHost);
    await removeImmutableResource(
      `The network ${name}`,
      () => findRemedy(docker, id, name),
      () => docker.getNetwork(id).remove(),
    );
  },
};

async function findRemedy(docker: Docker, id: string, name: string): Promise<string> {
  const unknown = `\`docker network inspect ${name}\` shows who is on it.`;
  const members = await readNetworkMembers(docker, id).catch(() => undefined);
  if (members === undefined) return unknown;
  if (members.containers.length > 0) {
    const commands = members.containers.map(
      (member) => `\`docker network disconnect ${name} ${member.name}\``,
    );
    return `${commands.join(", ")} frees it.`;
  }
  return `No container is on it. Where the engine says that it has active endpoints, it has lost track of them; ${freeOrphans}.`;
}

/** Another way to the same engine is no reason; on another engine the next look finds the network gone. */
function findReplacing(olds: BridgeNetworkInputs, news: BridgeNetworkInputs): string[] {
  if (isOfDockerProvider(olds)) return [];
  return (["name", "labels", "subnet", "internal"] as const).filter(
    (key) => !equalValues(olds[key], news[key]),
  );
}
