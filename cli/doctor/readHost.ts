import { labels } from "../../host/labels";
import type Docker from "dockerode";
import { connectDocker } from "../../host/docker/connectDocker";
import { ifFound } from "../../host/docker/ifFound";
import { readKernelLimits } from "../../host/docker/containerDrift";
import { readNetworkMembers } from "../../host/docker/networkMembers";
import { listHelpers } from "../../host/docker/leftovers";
import { listNodes } from "../../host/docker/swarm/swarmNodes";
import { listTasks } from "../../host/docker/swarm/waitForService";
import {
  provider as swarmService,
  type SwarmServiceOutputs,
} from "../../resources/swarmService/provider";
import {
  provider as volumeFiles,
  type VolumeFilesOutputs,
} from "../../resources/volumeFiles/provider";
import { scrapeLabels } from "../../config/prometheus/discoveryJob";
import type { ContainerNow, HostNow, ImageNow, ScrapeCandidate } from "./facts";
import { tryReading } from "./readPrometheus";
import type { DeployedContainer, DeployedFiles, DeployedService, StackState } from "./stackState";

/** A helper writes its files within seconds; one of this age was left behind. */
const staleHelperSeconds = 300;

/** What is on the host under this stack's names and labels. */
export async function readHost(state: StackState, stack: string): Promise<HostNow> {
  const docker = await connectDocker(state.dockerHost);
  const ownLabels = [`${labels.project}=${state.project}`, `${labels.stack}=${stack}`];
  const [
    kernelLimits,
    containers,
    services,
    nodes,
    networks,
    networkMembers,
    { Volumes: volumes },
    files,
    listed,
    helpers,
    candidates,
  ] = await Promise.all([
    readKernelLimits(docker),
    readContainers(docker, state.containers),
    readServices(docker, state.services),
    state.services.length > 0 ? listNodes(docker) : [],
    docker.listNetworks(),
    readMembers(docker, state.networks),
    docker.listVolumes(),
    readFiles(state.files),
    docker.listContainers({ all: true, filters: { label: ownLabels } }),
    listHelpers(docker, state.volumes),
    docker.listContainers({ filters: { label: [`${scrapeLabels.scrape}=true`] } }),
  ]);
  const present = Object.values(containers).filter((container) => container !== undefined);
  return {
    kernelLimits,
    containers,
    services,
    nodes,
    images: await readImages(docker, [...new Set(present.map(({ Image }) => Image))]),
    networkMembers,
    networks: Object.fromEntries(networks.map(({ Name, Id }) => [Name, Id])),
    volumes: volumes.map(({ Name }) => Name),
    // The Swarm looks after those of services, and starts others for them at any time.
    labelledContainers: listed
      .filter(({ Labels }) => !("com.docker.swarm.service.id" in Labels))
      .map(identify),
    labelledNetworks: networks
      .filter(({ Labels }) => ownLabels.every((label) => hasLabel(Labels, label)))
      .map(({ Id, Name }) => ({ id: Id, name: Name })),
    scrapeCandidates: candidates.map(describeCandidate),
    staleHelpers: helpers
      .filter(({ Created }) => Date.now() / 1000 - Created > staleHelperSeconds)
      .map(identify),
    files,
  };
}

async function readContainers(
  docker: Docker,
  deployed: readonly DeployedContainer[],
): Promise<Record<string, ContainerNow | undefined>> {
  const entries = deployed.map(async ({ resource, id, inputs }) => [
    resource,
    // By its name, one that someone else created in its place.
    (await inspect(docker, id)) ?? (await inspect(docker, inputs.name)),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, ContainerNow | undefined>;
}

async function readServices(
  docker: Docker,
  deployed: readonly DeployedService[],
): Promise<HostNow["services"]> {
  const entries = deployed.map(async ({ id, name, outputs }) => {
    const { id: found, props } = await swarmService.read(id, outputs as SwarmServiceOutputs);
    if (found === "") return [name, undefined] as const;
    const tasks = await listTasks(docker, id);
    const wanted = tasks.filter(({ DesiredState }) => DesiredState === "running");
    const running = wanted.filter(({ Status }) => Status.State === "running");
    const counts = { running: running.length, wanted: wanted.length };
    return [name, { ...counts, drift: props.drift }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function readMembers(
  docker: Docker,
  networks: StackState["networks"],
): Promise<HostNow["networkMembers"]> {
  const entries = networks.map(async ({ name, id }) => {
    const members = await tryReading(() => readNetworkMembers(docker, id));
    // One that is gone has no members.
    return [name, "value" in members ? members.value : undefined] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function inspect(docker: Docker, idOrName: string): Promise<ContainerNow | undefined> {
  return (await ifFound(docker.getContainer(idOrName).inspect())) as ContainerNow | undefined;
}

async function readImages(
  docker: Docker,
  ids: readonly string[],
): Promise<Record<string, ImageNow>> {
  const entries = ids.map(async (id): Promise<[string, ImageNow][]> => {
    const image = await tryReading(() => docker.getImage(id).inspect());
    if ("problem" in image) return [];
    const { Env, Labels, Cmd } = image.value.Config as {
      Env: string[] | null;
      Labels: Record<string, string> | null;
      Cmd: string[] | null;
    };
    return [[id, { env: Env ?? [], labels: Labels ?? {}, command: Cmd ?? [] }]];
  });
  return Object.fromEntries((await Promise.all(entries)).flat());
}

async function readFiles(deployed: readonly DeployedFiles[]): Promise<HostNow["files"]> {
  const entries = deployed.map(async ({ resource, volume, outputs, files }) => [
    resource,
    await tryReading(async () => {
      // The provider reads the files that it is asked for by path; encrypted contents do not matter to it.
      const olds = { ...(outputs as VolumeFilesOutputs), files: files as Record<string, string> };
      const { props } = await volumeFiles.read(volume, olds);
      if (props.uid !== olds.uid || props.gid !== olds.gid || props.mode !== olds.mode) {
        throw new Error("they have another owner or other permissions than were written");
      }
      return props.files;
    }),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as HostNow["files"];
}

function describeCandidate(container: Docker.ContainerInfo): ScrapeCandidate {
  const { Labels, NetworkSettings, Ports } = container;
  const tcp = Ports.filter(({ Type }) => Type === "tcp").map(({ PrivatePort }) => PrivatePort);
  return {
    name: identify(container).name,
    labels: Labels,
    networks: Object.keys(NetworkSettings.Networks),
    ports: [...new Set(tcp)].sort((a, b) => a - b),
  };
}

function identify({ Id, Names }: Docker.ContainerInfo): { id: string; name: string } {
  return { id: Id, name: Names[0]?.replace(/^\//, "") ?? Id };
}

function hasLabel(labels: Record<string, string> | undefined, label: string): boolean {
  const [name = "", value] = label.split("=");
  return labels?.[name] === value;
}
