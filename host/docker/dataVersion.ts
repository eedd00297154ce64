import type { DockerHost } from "../access/dockerHost";
import { fetchFromEngine } from "./engineRequest";
import { inspectContainer, inspectImage, type VolumeQuestion } from "./imageVolumes";

/** A server whose versions cannot read each other's data, and how an image and the data say theirs. */
interface VersionedData {
  readonly title: string;
  /** Variables of the image: its version, and the folder of its data. */
  readonly versionVariable: string;
  readonly folderVariable: string;
  /** File in that folder which holds the version, and nothing else. */
  readonly file: string;
}

/** What the official image's variables are called: https://github.com/docker-library/postgres */
const kinds: readonly VersionedData[] = [
  {
    title: "PostgreSQL",
    versionVariable: "PG_MAJOR",
    folderVariable: "PGDATA",
    file: "PG_VERSION",
  },
];

/** Data of a container that an image for its next one cannot read. */
export interface OtherVersion {
  readonly title: string;
  readonly container: string;
  /** Version of the data. */
  readonly found: string;
  /** Version of the image. */
  readonly wanted: string;
}

const timeoutSeconds = 10;
const tarHeaderBytes = 512;

/**
 * Finds data of another major version than an image's, while the container is there that they are read from.
 *
 * @returns none as well for images that do not say their version, and for data that no container has
 */
export async function findOtherVersions(
  dockerHost: DockerHost,
  { image, containers }: VolumeQuestion,
): Promise<OtherVersion[]> {
  const variables = readVariables((await inspectImage(dockerHost, image))?.Config?.Env);
  const found = kinds.flatMap((kind) => {
    const wanted = variables.get(kind.versionVariable);
    if (wanted === undefined) return [];
    return containers.map(async (container): Promise<OtherVersion[]> => {
      const version = await readDataVersion(dockerHost, container, kind);
      if (version === undefined || version === wanted) return [];
      return [{ title: kind.title, container, found: version, wanted }];
    });
  });
  return (await Promise.all(found)).flat();
}

async function readDataVersion(
  dockerHost: DockerHost,
  container: string,
  { folderVariable, file }: VersionedData,
): Promise<string | undefined> {
  const info = await inspectContainer(dockerHost, container);
  const folder = readVariables(info?.Config?.Env).get(folderVariable);
  if (folder === undefined) return undefined;
  const path = encodeURIComponent(`${folder}/${file}`);
  const { status, text } = await fetchFromEngine(
    dockerHost,
    `/containers/${container}/archive?path=${path}`,
    timeoutSeconds,
  );
  // A tar of one file, all of it ASCII.
  return status === 200 ? /^[\d.]+/.exec(text.slice(tarHeaderBytes))?.[0] : undefined;
}

function readVariables(environment: readonly string[] | null | undefined): Map<string, string> {
  return new Map(
    (environment ?? []).map((entry): [string, string] => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}
