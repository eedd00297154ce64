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
  dockerHost: string,
  { image, mounted, containers }: VolumeQuestion,
): Promise<UncoveredVolume[]> {
  const found = await inspect<ImageInspect>(
    dockerHost,
    `/images/${encodeURIComponent(image)}/json`,
  );
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

interface ImageInspect {
  readonly Config?: { readonly Volumes?: Readonly<Record<string, unknown>> | null } | null;
}

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

async function readAnonymousVolumes(dockerHost: string, container: string) {
  const found = await inspect<{ readonly Mounts: readonly ListedMount[] }>(
    dockerHost,
    `/containers/${container}/json`,
  );
  return listAnonymousVolumes(found ?? {}).map((volume) => ({ container, ...volume }));
}

async function inspect<T>(dockerHost: string, path: string): Promise<T | undefined> {
  const { status, text } = await fetchFromEngine(dockerHost, path);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`the Docker Engine answers ${path} with ${status}: ${text}`);
  return JSON.parse(text) as T;
}

function normalizeFolder(path: string): string {
  return `/${path.split("/").filter(Boolean).join("/")}`;
}
