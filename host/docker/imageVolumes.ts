import type { DockerHost } from "../access/dockerHost";
import { fetchFromEngine } from "./engineRequest";
import type { ListedContainer, ListedMount } from "./listContainers";

/** A folder that an image declares by `VOLUME` and that nothing is mounted at. */
export interface UncoveredVolume {
  readonly path: string;
  /** Containers that hold data there already, in a volume without a name. */
  readonly heldBy: readonly { readonly container: string; readonly volume: string }[];
}

export interface VolumeQuestion {
  /** Id or reference of the image. */
  readonly image: string;
  /** Folders of the container that something is mounted at: volumes, and folders in memory. */
  readonly mounted: readonly string[];
  /** Names on the host of the containers that are, or will be, made from the image. */
  readonly containers: readonly string[];
}

/**
 * Finds the folders for which the engine would create anonymous volumes. Their data is lost to the app as soon as its
 * container is replaced.
 *
 * @returns none as well for an image that the engine does not hold
 * @throws Error when the engine does not answer as expected
 */
export async function findUncoveredVolumes(
  dockerHost: DockerHost,
  { image, mounted, containers }: VolumeQuestion,
): Promise<UncoveredVolume[]> {
  const found = await inspectImage(dockerHost, image);
  // Only the very folder counts: below a mounted one, the engine still creates an anonymous volume.
  const covered = new Set(mounted.map(normalizeFolder));
  const paths = Object.keys(found?.Config?.Volumes ?? {}).filter(
    (path) => !covered.has(normalizeFolder(path)),
  );
  if (paths.length === 0) return [];
  const held = await Promise.all(containers.map((name) => readAnonymousVolumes(dockerHost, name)));
  return paths.sort().map((path) => ({
    path,
    heldBy: held
      .flat()
      .filter((mount) => normalizeFolder(mount.path) === normalizeFolder(path))
      .map(({ container, volume }) => ({ container, volume })),
  }));
}

const inspected = new Map<string, Promise<ImageInspect | undefined>>();

/** An app's replicas are created from one image: an engine far away is asked once for all of them. */
export function inspectImage(
  dockerHost: DockerHost,
  image: string,
): Promise<ImageInspect | undefined> {
  // A reference may be pulled meanwhile; an id stays what it is.
  const ask = () => inspect<ImageInspect>(dockerHost, `/images/${encodeURIComponent(image)}/json`);
  if (!image.startsWith("sha256:")) return ask();
  const key = `${dockerHost.uri} ${image}`;
  const known = inspected.get(key);
  if (known !== undefined) return known;
  const answer = ask();
  inspected.set(key, answer);
  answer.catch(() => inspected.delete(key));
  return answer;
}

interface ImageInspect {
  readonly Config?: {
    readonly Volumes?: Readonly<Record<string, unknown>> | null;
    readonly Env?: readonly string[] | null;
  } | null;
}

interface ContainerInspect {
  readonly Mounts: readonly ListedMount[];
  readonly Config?: { readonly Env?: readonly string[] | null };
}

/** @returns undefined for one that is not there */
export function inspectContainer(
  dockerHost: DockerHost,
  name: string,
): Promise<ContainerInspect | undefined> {
  return inspect<ContainerInspect>(dockerHost, `/containers/${name}/json`);
}

/** Over ssh, twenty questions at once share one connection. */
const timeoutSeconds = 30;

/** The engine names an anonymous volume by 64 hexadecimal digits. */
const anonymousName = /^[0-9a-f]{64}$/;

/** The anonymous volumes of a container: they belong to it alone, and nothing else says where its data is. */
export function listAnonymousVolumes({
  Mounts = [],
}: Pick<ListedContainer, "Mounts">): { readonly volume: string; readonly path: string }[] {
  return Mounts.flatMap(({ Type, Name: volume = "", Destination: path }) =>
    Type === "volume" && anonymousName.test(volume) ? [{ volume, path }] : [],
  );
}

async function readAnonymousVolumes(dockerHost: DockerHost, container: string) {
  const found = await inspectContainer(dockerHost, container);
  return listAnonymousVolumes(found ?? {}).map((volume) => ({ container, ...volume }));
}

async function inspect<T>(dockerHost: DockerHost, path: string): Promise<T | undefined> {
  const { status, text } = await fetchFromEngine(dockerHost, path, timeoutSeconds);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`the Docker Engine answers ${path} with ${status}: ${text}`);
  return JSON.parse(text) as T;
}

function normalizeFolder(path: string): string {
  return `/${path.split("/").filter(Boolean).join("/")}`;
}
