import type { DockerHost } from "../access/dockerHost";
import { labels as ownLabels } from "../labels";
import type Docker from "dockerode";
import { connectDocker, ignoreUnchanged } from "./connectDocker";
import { ifFound } from "./ifFound";
import { buildWriterPrefix } from "./volumeWriter";

type Labels = Readonly<Record<string, string>>;

/** What `docker stop` grants before it kills. */
const stopSeconds = 10;

/**
 * Removes the container that bears a name, if it is one of a stack's own: what a killed update, a lost state or
 * someone who recreated it by hand has left behind. Its data is in volumes and stays.
 *
 * @param labels those that the stack's containers carry
 * @returns whether there was one
 * @throws Error when the container is another owner's
 */
export async function removeLeftoverContainer(
  dockerHost: DockerHost,
  name: string,
  labels: Labels,
): Promise<boolean> {
  const docker = await connectDocker(dockerHost);
  const container = docker.getContainer(name);
  const found = await ifFound(container.inspect());
  // Docker also finds by the beginning of an id.
  if (found?.Name !== `/${name}`) return false;
  if (!carries(found.Config.Labels, labels)) {
    throw new Error(
      `The name ${name} is taken by a container that is not of this stack. Rename it ` +
        `(\`docker rename ${name} ANOTHER_NAME\`) or remove it, then run \`pulumi up\` again.`,
    );
  }
  await stopAndRemove(container);
  return true;
}

/**
 * Removes a container that may be starting, as a killed update leaves it: to stop it waits for the start. Engine 20.10.24
 * was seen to lose track of a network's endpoints after eight killed updates; a removal in the middle of a start is the
 * likely reason, though 130 such removals in a row did not provoke it.
 */
export async function stopAndRemove(container: Docker.Container): Promise<void> {
  const { State: state } = await container.inspect();
  if (!state.Paused) {
    await container.stop({ t: stopSeconds }).catch(ignoreUnchanged);
  }
  await container.remove({ force: true });
}

/**
 * Removes the network that bears a name, if it is one of a stack's own. To Docker, a second network of the same name
 * would be another one. A Swarm's stays, because services run on it: the resource takes it over.
 *
 * @param labels those that the stack's networks and containers carry
 * @param adopt whether the stack's own containers on it go as well: then the stack was there already, as a whole
 * @returns whether there was one, and is none any more
 * @throws Error when the network, or a container on it, is another owner's, and without `adopt` when it is in use
 */
export async function removeLeftoverNetwork(
  dockerHost: DockerHost,
  name: string,
  labels: Labels,
  adopt: boolean,
): Promise<boolean> {
  const docker = await connectDocker(dockerHost);
  const network = docker.getNetwork(name);
  const found = (await ifFound(network.inspect())) as
    | {
        Name: string;
        Driver?: string;
        Labels?: Labels;
        Containers?: Record<string, { Name: string }>;
      }
    | undefined;
  if (found?.Name !== name) return false;
  if (!carries(found.Labels, labels)) {
    throw new Error(
      `The name ${name} is taken by a network that is not of this stack. Remove it ` +
        `(\`docker network rm ${name}\`), then run \`pulumi up\` again.`,
    );
  }
  const members = Object.values(found.Containers ?? {}).map((member) => member.Name);
  if (members.length > 0 && !adopt) {
    throw new Error(
      `${name} runs on this engine already (${members.sort().join(", ")}), and this stack's state knows nothing of it. ` +
        "Either its state is elsewhere, or someone else has deployed a stack of this name: use that state, or another " +
        "name. Or its state is lost: with GLASSHOUSE_ADOPT=true in its environment `pulumi up` takes it over, with " +
        "new containers and the data as they are.",
    );
  }
  if (found.Driver === "overlay") return false;
  for (const member of members) {
    await removeLeftoverContainer(dockerHost, member, labels).catch((error: unknown) => {
      throw new Error(
        `The network ${name} cannot be recreated: the container ${member} is on it and not of this stack. ` +
          `\`docker network disconnect ${name} ${member}\` frees it.`,
        { cause: error },
      );
    });
  }
  await network.remove();
  return true;
}

/**
 * The containers by which a run reads and writes volumes for a moment. A run that was killed leaves them behind; they hold no
 * data.
 *
 * @param volumes names of the volumes
 */
export async function listHelpers(
  docker: Docker,
  volumes: readonly string[],
): Promise<Docker.ContainerInfo[]> {
  const helpers = await docker.listContainers({
    all: true,
    filters: { label: [ownLabels.helper] },
  });
  return helpers.filter(({ Names: [name = ""] }) =>
    volumes.some((volume) => name.startsWith(`/${buildWriterPrefix(volume)}`)),
  );
}

function carries(found: Labels | null | undefined, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => found?.[key] === value);
}
