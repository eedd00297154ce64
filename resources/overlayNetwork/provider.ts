import { setTimeout as sleep } from "node:timers/promises";
import { connectDocker, isNotFound } from "../../host/docker/connectDocker";
import { createNetwork } from "../createNetwork";
import { type Crud, equalValues } from "../crud";
import { readImmutableResource } from "../immutableResource";
import type { OverlayNetworkInputs } from "./inputs";

const patienceMilliseconds = 60_000;

/** A network over all nodes of a Swarm, which plain containers of the manager may join too. */
export const provider: Crud<OverlayNetworkInputs, OverlayNetworkInputs> = {
  async diff(_id, olds, news) {
    const replaces = (["name", "labels", "subnet", "internal"] as const).filter(
      (key) => !equalValues(olds[key], news[key]),
    );
    return { changes: !equalValues(olds, news), replaces };
  },

  async create(inputs) {
    const { internal } = inputs;
    const kind = {
      Driver: "overlay",
      Attachable: true,
      ...(internal !== undefined && { Internal: internal }),
    } as const;
    const id = (await findOwnNetwork(inputs)) ?? (await createNetwork(inputs, kind));
    return { id, outs: inputs };
  },

  async update(_id, _olds, news) {
    return { outs: news };
  },

  async read(id, olds) {
    return readImmutableResource(id, olds, (docker) => docker.getNetwork(id).inspect());
  },

  /** The Swarm holds it until it has forgotten the tasks on it, which it does some seconds after they have ended. */
  async delete(id, { dockerHost, name }) {
    const docker = await connectDocker(dockerHost);
    const deadline = Date.now() + patienceMilliseconds;
    for (;;) {
      try {
        await docker.getNetwork(id).remove();
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        if (Date.now() > deadline) {
          throw new Error(
            `The network ${name} cannot be removed: ${(error as Error).message}. ` +
              `\`docker network inspect --verbose ${name}\` shows who is on it.`,
            { cause: error },
          );
        }
      }
      await sleep(500);
    }
  },
};

/** The id of the network, where a killed update or a lost state has left it: services run on it. */
async function findOwnNetwork({
  dockerHost,
  name,
  labels,
  subnet,
  internal = false,
}: OverlayNetworkInputs): Promise<string | undefined> {
  const docker = await connectDocker(dockerHost);
  const found = (await docker.listNetworks({ filters: { driver: ["overlay"] } })).find(
    ({ Name, Labels, IPAM, Internal }) =>
      Name === name &&
      Internal === internal &&
      Object.entries(labels).every(([key, value]) => Labels?.[key] === value) &&
      (subnet === undefined || IPAM?.Config?.[0]?.Subnet === subnet),
  );
  return found?.Id;
}
