import { scryptSync } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { connectDocker, isInUse, isNotFound } from "../../host/docker/connectDocker";
import { encodeLogin } from "../../host/docker/encodeLogin";
import { readSwarm } from "../../host/docker/swarm/readSwarm";
import {
  listTasks,
  readService,
  type ServiceNow,
  waitForService,
} from "../../host/docker/swarm/waitForService";
import { type Crud, equalValues, UnfinishedCreation } from "../crud";
import type { SwarmServiceInputs } from "./inputs";
import { buildServiceSpec, type ServiceSpec, type StoredText } from "./serviceSpec";
import { findNodeWithout, handOver, type HandedImage, removeHanded } from "./handedImages";
import { resolveImage } from "./resolveImage";
import { sendService } from "./sendService";
import { hashSpec } from "./specHash";
import { removeUnusedTexts, storeTexts } from "./storedTexts";

export interface SwarmServiceOutputs extends SwarmServiceInputs {
  /** Of what the engine answered after the last update: another one says that someone else has changed the service. */
  readonly specHash: string;
  /** What someone else has changed, in words; empty when all is as it should be. */
  readonly drift: string;
  /** Of the log-ins that the nodes have. Missing in states of earlier versions. */
  readonly loginsHash?: string;
  /** The images that were handed to nodes and are not removed yet. */
  readonly handed?: readonly HandedImage[];
}

/**
 * A service of a Swarm. The Docker provider's own neither waits for an update nor names what keeps a replica from running, and it
 * cannot replace secrets, which have to exist before and to go afterwards.
 */
export const provider: Crud<SwarmServiceInputs, SwarmServiceOutputs> = {
  async diff(_id, olds, news) {
    const replaces = olds.name === news.name ? [] : ["name"];
    const isDrifted = olds.drift !== "";
    const areLoginsOld = olds.loginsHash !== undefined && olds.loginsHash !== hashLogins(news);
    const changes = isDrifted || areLoginsOld || !equalValues(pickLasting(olds), pickLasting(news));
    return { changes, replaces };
  },

  async create(inputs) {
    const docker = await connectDocker(inputs.dockerHost);
    // A killed update has made it and not noted it down.
    const there = await findOwnService(docker, inputs);
    const { id, handed, finish } = await apply(docker, inputs, { there, handed: [] });
    try {
      return { id, outs: await finish() };
    } catch (error) {
      const outs = { ...inputs, logins: [], specHash: "", drift: "", handed };
      throw new UnfinishedCreation((error as Error).message, id, outs, { cause: error });
    }
  },

  async update(id, { handed = [] }, news) {
    const docker = await connectDocker(news.dockerHost);
    const { finish } = await apply(docker, news, { there: await readService(docker, id), handed });
    return { outs: await finish() };
  },

  async read(id, olds) {
    const { state } = await readSwarm(olds.dockerHost);
    if (state === "inactive") return { id: "", props: olds };
    try {
      const { Spec } = await readService<ServiceSpec>(await connectDocker(olds.dockerHost), id);
      const drift = findDrift(olds, Spec) || (await findNodeWithout(olds));
      return { id, props: { ...olds, drift } };
    } catch (error) {
      if (isNotFound(error)) return { id: "", props: olds };
      throw error;
    }
  },

  async delete(id, { dockerHost, name, stopGraceSeconds, volumes, handed = [] }) {
    if ((await readSwarm(dockerHost)).state === "inactive") return;
    const docker = await connectDocker(dockerHost);
    await docker
      .getService(id)
      .remove()
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    await waitUntilStopped(docker, id, stopGraceSeconds + 30);
    await removeUnusedTexts(docker, name, []);
    await removeHanded(handed, undefined);
    for (const { source, inMemoryOf } of volumes) {
      if (inMemoryOf !== undefined) await removeUnlessUsed(docker, source);
    }
  },
};

/** Another service may share the volume, which removes it then; the empty ones of other nodes stay. */
async function removeUnlessUsed(docker: Docker, volume: string): Promise<void> {
  try {
    await docker.getVolume(volume).remove();
  } catch (error) {
    if (!isNotFound(error) && !isInUse(error)) throw error;
  }
}

/** Without what counts for one update only, and what is computed. */
function pickLasting({
  logins: _logins,
  startTimeoutSeconds: _timeout,
  specHash: _hash,
  drift: _drift,
  loginsHash: _loginsHash,
  handed: _handed,
  ...inputs
}: SwarmServiceInputs & Partial<SwarmServiceOutputs>): unknown {
  return inputs;
}

interface Applied {
  readonly there: ServiceNow<ServiceSpec> | undefined;
  readonly handed: readonly HandedImage[];
}

/** Asks the Swarm for the service; `finish` waits until it is as asked for. */
async function apply(
  docker: Docker,
  inputs: SwarmServiceInputs,
  { there, handed: handedBefore }: Applied,
): Promise<{
  readonly id: string;
  readonly handed: readonly HandedImage[];
  readonly finish: () => Promise<SwarmServiceOutputs>;
}> {
  const { name, labels, dockerHost } = inputs;
  const secrets = await storeTexts(docker, "secrets", { name, labels }, inputs.secrets);
  const configs = await storeTexts(docker, "configs", { name, labels }, inputs.configs);
  const { image, isHere } = await resolveImage(docker, inputs);
  const isHanded = isHere && inputs.nodes !== undefined;
  const stays = inputs.onManagerOnly || (isHere && !isHanded);
  const nodeId = stays ? (await readSwarm(dockerHost)).nodeId : undefined;
  const handed = [...handedBefore, ...(isHanded ? await handOver(docker, inputs) : [])];
  const spec = buildServiceSpec(inputs, { image, nodeId, secrets, configs });
  const before = there && new Set((await listTasks(docker, there.ID)).map(({ ID }) => ID));
  const id = await sendService(docker, spec, inputs, there);
  const finish = async () => {
    try {
      await waitForService(docker, {
        id,
        name,
        replicas: inputs.onEveryNode ? undefined : inputs.replicas,
        before,
        timeoutSeconds: inputs.startTimeoutSeconds,
        monitorSeconds: inputs.update.monitorSeconds,
        stopGraceSeconds: inputs.stopGraceSeconds,
        limits: inputs,
      });
    } catch (error) {
      // What the version before reads may be on its way back.
      await removeUnusedTexts(docker, name, await listUsedTexts(docker, id, true));
      throw error;
    }
    await removeUnusedTexts(docker, name, await listUsedTexts(docker, id, false));
    const { Spec } = await readService<ServiceSpec>(docker, id);
    return {
      ...inputs,
      logins: [],
      specHash: hashSpec(Spec),
      drift: "",
      loginsHash: hashLogins(inputs),
      handed: await removeHanded(handed, inputs.imageId),
    };
  };
  return { id, handed, finish };
}

/** @throws Error when a service of the name is another owner's */
async function findOwnService(
  docker: Docker,
  { name, labels }: SwarmServiceInputs,
): Promise<ServiceNow<ServiceSpec> | undefined> {
  try {
    const found = await readService<ServiceSpec>(docker, name);
    // Docker also finds by the beginning of an id.
    if (found.Spec.Name !== name) return undefined;
    const isOwn = Object.entries(labels).every(([key, value]) => found.Spec.Labels[key] === value);
    if (isOwn) return found;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  throw new Error(
    `The name ${name} is taken by a service that is not of this stack. Remove it (\`docker service rm ${name}\`), ` +
      "then run `pulumi up` again.",
  );
}

async function listUsedTexts(
  docker: Docker,
  id: string,
  withPrevious: boolean,
): Promise<StoredText[]> {
  const { Spec, PreviousSpec } = await readService<ServiceSpec>(docker, id);
  return [Spec, ...(withPrevious && PreviousSpec ? [PreviousSpec] : [])].flatMap(
    ({ TaskTemplate: { ContainerSpec: container } }) => {
      const secrets = (container["Secrets"] ?? []) as { SecretID: string; SecretName: string }[];
      const configs = (container["Configs"] ?? []) as { ConfigID: string; ConfigName: string }[];
      return [
        ...secrets.map((each) => ({ id: each.SecretID, name: each.SecretName, path: "" })),
        ...configs.map((each) => ({ id: each.ConfigID, name: each.ConfigName, path: "" })),
      ];
    },
  );
}

function findDrift({ specHash, replicas }: SwarmServiceOutputs, spec: ServiceSpec): string {
  if (hashSpec(spec) === specHash) return "";
  const found = "Replicated" in spec.Mode ? spec.Mode.Replicated.Replicas : replicas;
  return found === replicas
    ? "was changed by someone else"
    : `was scaled to ${found} replicas instead of ${replicas}`;
}

/** A password that has changed is told to the nodes, which replaces no replica. */
function hashLogins({ logins, name }: SwarmServiceInputs): string {
  return logins.length === 0
    ? ""
    : scryptSync(JSON.stringify(logins.map(encodeLogin)), name, 8).toString("hex");
}

/** The volumes and the network of a service are free when its containers are gone; those of other nodes end by themselves. */
async function waitUntilStopped(docker: Docker, id: string, timeoutSeconds: number): Promise<void> {
  const filters = { label: [`com.docker.swarm.service.id=${id}`] };
  const deadline = Date.now() + timeoutSeconds * 1000;
  while ((await docker.listContainers({ all: true, filters })).length > 0) {
    if (Date.now() > deadline) {
      throw new Error(
        `Containers of the removed service ${id} do not stop. ` +
          `\`docker ps --filter label=com.docker.swarm.service.id=${id}\` shows them.`,
      );
    }
    await sleep(500);
  }
}
