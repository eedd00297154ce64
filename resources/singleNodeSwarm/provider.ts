import type Docker from "dockerode";
import { connectDocker } from "../../host/docker/connectDocker";
import { readSwarm } from "../../host/docker/swarm/readSwarm";
import type { Crud } from "../crud";
import { tellUser } from "../tellUser";
import type { SingleNodeSwarmInputs } from "./inputs";

export interface SingleNodeSwarmOutputs extends SingleNodeSwarmInputs {
  readonly swarmId: string;
  /** Whether it was made here, so that it may go with the stack. */
  readonly isOurs: boolean;
  /** Whether the bridge that a Swarm leaves on the host was there before. */
  readonly hadBridge: boolean;
}

/** On a Swarm: whether the bridge was there before it. */
const bridgeLabel = "glasshouse.bridge";

/** By it the tasks of a Swarm reach the outside. */
const swarmBridge = "docker_gwbridge";

/** Nobody else has to reach a Swarm of one node. */
const loopback = "127.0.0.1";

/** The Swarm of a host: one that is there is used as it is, else one is made. It goes with the stack only if it was made here and nobody else uses it. */
export const provider: Crud<SingleNodeSwarmInputs, SingleNodeSwarmOutputs> = {
  async diff() {
    return { changes: false };
  },

  async create(inputs) {
    const { dockerHost, labels } = inputs;
    const { state, swarmId } = await readSwarm(dockerHost);
    const docker = await connectDocker(dockerHost);
    if (state === "active") {
      // A killed update has made it, or the state is lost.
      const found = await readLabels(docker);
      const isOurs = Object.entries(labels).every(([key, value]) => found[key] === value);
      const hadBridge = !isOurs || found[bridgeLabel] !== "new";
      return { id: swarmId, outs: { ...inputs, swarmId, isOurs, hadBridge } };
    }
    const bridges = await docker.listNetworks({ filters: { driver: ["bridge"] } });
    const hadBridge = bridges.some(({ Name }) => Name === swarmBridge);
    try {
      await docker.swarmInit({
        ListenAddr: `${loopback}:2377`,
        AdvertiseAddr: loopback,
        Spec: { Labels: { ...labels, [bridgeLabel]: hadBridge ? "kept" : "new" } },
      });
    } catch (error) {
      throw new Error(
        `The Swarm cannot be made: ${(error as Error).message}. With addresses that other machines reach, make it ` +
          "yourself: docker swarm init",
        { cause: error },
      );
    }
    const made = await readSwarm(dockerHost);
    const outs = { ...inputs, swarmId: made.swarmId, isOurs: true, hadBridge };
    return { id: made.swarmId, outs };
  },

  async update(_id, olds, news) {
    return { outs: { ...olds, ...news } };
  },

  async read(id, olds) {
    const { state, swarmId } = await readSwarm(olds.dockerHost);
    return { id: state === "active" && swarmId === olds.swarmId ? id : "", props: olds };
  },

  async delete(_id, { dockerHost, swarmId, isOurs, hadBridge }) {
    if (!isOurs) return;
    const now = await readSwarm(dockerHost);
    if (now.state !== "active" || now.swarmId !== swarmId) return;
    const docker = await connectDocker(dockerHost);
    const use = await findUse(docker, now.nodes);
    if (use !== undefined) {
      await tellUser(
        `The Swarm was made for this stack and now has ${use}: it is kept. To leave it: docker swarm leave --force`,
      );
      return;
    }
    await docker.swarmLeave({ force: true });
    // Another user's container may be on it by now.
    if (!hadBridge)
      await docker
        .getNetwork(swarmBridge)
        .remove()
        .catch(() => undefined);
  },
};

async function readLabels(docker: Docker): Promise<Readonly<Record<string, string>>> {
  const { Spec } = (await docker.swarmInspect()) as {
    readonly Spec?: { readonly Labels?: Readonly<Record<string, string>> | null };
  };
  return Spec?.Labels ?? {};
}

/** What others have in the Swarm by now; undefined if nothing. */
async function findUse(docker: Docker, nodes: number): Promise<string | undefined> {
  if (nodes > 1) return `${nodes} nodes`;
  const [services, networks] = await Promise.all([
    docker.listServices(),
    docker.listNetworks({ filters: { scope: ["swarm"] } }),
  ]);
  const others = [
    ...services.map(({ Spec }) => `the service ${Spec?.Name}`),
    ...networks.filter(({ Ingress }) => !Ingress).map(({ Name }) => `the network ${Name}`),
  ];
  return others.length === 0 ? undefined : others.join(", ");
}
