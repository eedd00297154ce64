import { connectDocker, isNotFound } from "../engine/connectDocker";
import { type Crud, equalValues } from "./crud";
import { retryWhileUsed } from "./retryWhileUsed";

export interface BridgeInputs {
  /** URI of the Docker Engine. */
  readonly dockerHost: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Addresses of the network, as `a.b.c.d/bits`; without them the engine chooses. */
  readonly subnet?: string;
}

/**
 * A bridge network. The Docker provider waits 2 s before each first look at a network, at every creation, refresh and
 * removal (`networkReadRefreshDelay` in terraform-provider-docker's `resource_docker_network_funcs.go`), with all
 * containers behind it; and it takes a network for removed when the engine does not answer.
 */
export const provider: Crud<BridgeInputs, BridgeInputs> = {
  async diff(_id, olds, news) {
    return { changes: !equalValues(olds, news), replaces: findReplacing(olds, news) };
  },

  async create(inputs) {
    const { dockerHost, name, labels, subnet } = inputs;
    const docker = await connectDocker(dockerHost);
    try {
      const { id } = await docker.createNetwork({
        Name: name,
        Driver: "bridge",
        Labels: { ...labels },
        CheckDuplicate: true,
        ...(subnet !== undefined && { IPAM: { Config: [{ Subnet: subnet }] } }),
      });
      return { id, outs: inputs };
    } catch (error) {
      throw new Error(`The network ${name} cannot be made: ${(error as Error).message}`, {
        cause: error,
      });
    }
  },

  async update(_id, _olds, news) {
    return { outs: news };
  },

  /** An engine cannot change a network: it is there as it was made, or gone. */
  async read(id, olds) {
    if (isOfDockerProvider(olds)) return { id, props: olds };
    const docker = await connectDocker(olds.dockerHost);
    try {
      await docker.getNetwork(id).inspect();
      return { id, props: olds };
    } catch (error) {
      if (isNotFound(error)) return { id: "", props: olds };
      throw error;
    }
  },

  async delete(id, { dockerHost, name }) {
    const docker = await connectDocker(dockerHost);
    const network = docker.getNetwork(id);
    try {
      await retryWhileUsed(() => network.remove());
    } catch (error) {
      if (isNotFound(error)) return;
      throw new Error(
        `The network ${name} cannot be removed: ${(error as Error).message}. \`docker network inspect ${name}\` shows who is on it.`,
        { cause: error },
      );
    }
  },
};

/** Another way to the same engine is no reason; on another engine the next look finds the network gone. */
function findReplacing(olds: BridgeInputs, news: BridgeInputs): string[] {
  if (isOfDockerProvider(olds)) return [];
  return (["name", "labels", "subnet"] as const).filter(
    (key) => !equalValues(olds[key], news[key]),
  );
}

/** Whether these are the notes of the Docker provider, whose resource it was before: it is the same network. */
function isOfDockerProvider(olds: Partial<BridgeInputs>): boolean {
  return olds.dockerHost === undefined;
}
