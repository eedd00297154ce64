import type { DockerHost } from "../access/dockerHost";
import { fetchFromEngine } from "./engineRequest";
import { inspectContainer, inspectImage, type VolumeQuestion } from "./imageVolumes";
import { readVariables } from "./readVariables";

/** A server that cannot read data of some other versions, and how its official image says which one it has. */
interface VersionedData {
  readonly title: "PostgreSQL" | "MySQL" | "MariaDB" | "MongoDB";
  /** Variable of the image, and what of it counts. */
  readonly variable: string;
  readonly version: RegExp;
  /**
   * Where the data say theirs, for a server that only reads the same version: a file that holds nothing else, in the folder that the
   * variable names. Others read data of older versions, and data are of the version of the image that their container has.
   */
  readonly exact?: { readonly folderVariable: string; readonly file: string };
}

/** @see https://github.com/docker-library: postgres, mysql, mariadb, mongo */
const kinds: readonly VersionedData[] = [
  {
    title: "PostgreSQL",
    variable: "PG_MAJOR",
    version: /^[\d.]+/,
    exact: { folderVariable: "PGDATA", file: "PG_VERSION" },
  },
  { title: "MySQL", variable: "MYSQL_VERSION", version: /^\d+\.\d+/ },
  // Its packages have an epoch: `1:11.4.2+maria~ubu2404`
  { title: "MariaDB", variable: "MARIADB_VERSION", version: /(?<=^\d+:|^)\d+\.\d+(?=\.)/ },
  { title: "MongoDB", variable: "MONGO_VERSION", version: /^\d+\.\d+/ },
];

/** Data of a container that an image for its next one cannot read. */
export interface OtherVersion {
  readonly title: VersionedData["title"];
  readonly container: string;
  /** Version of the data. */
  readonly found: string;
  /** Version of the image. */
  readonly wanted: string;
}

const timeoutSeconds = 10;
const tarHeaderBytes = 512;

/**
 * Finds data of a version that an image cannot read, while the container is there that they are read from.
 *
 * @returns none as well for images that do not say their version, and for data that no container has
 */
export async function findOtherVersions(
  dockerHost: DockerHost,
  { image, containers }: VolumeQuestion,
): Promise<OtherVersion[]> {
  const wantedOf = readVariables((await inspectImage(dockerHost, image))?.Config?.Env ?? []);
  const found = kinds.flatMap((kind) => {
    const wanted = readVersion(wantedOf, kind);
    if (wanted === undefined) return [];
    return containers.map(async (container): Promise<OtherVersion[]> => {
      const version = await readDataVersion(dockerHost, container, kind);
      if (version === undefined || canRead(wanted, version, kind)) return [];
      return [{ title: kind.title, container, found: version, wanted }];
    });
  });
  return (await Promise.all(found)).flat();
}

function canRead(wanted: string, found: string, { exact }: VersionedData): boolean {
  if (wanted === found) return true;
  return exact === undefined && wanted.localeCompare(found, "en", { numeric: true }) > 0;
}

async function readDataVersion(
  dockerHost: DockerHost,
  container: string,
  kind: VersionedData,
): Promise<string | undefined> {
  const info = await inspectContainer(dockerHost, container);
  const variables = readVariables(info?.Config?.Env ?? []);
  if (kind.exact === undefined) return readVersion(variables, kind);
  const folder = variables.get(kind.exact.folderVariable);
  if (folder === undefined) return undefined;
  const path = encodeURIComponent(`${folder}/${kind.exact.file}`);
  const { status, text } = await fetchFromEngine(
    dockerHost,
    `/containers/${container}/archive?path=${path}`,
    timeoutSeconds,
  );
  // A tar of one file, all of it ASCII.
  return status === 200 ? kind.version.exec(text.slice(tarHeaderBytes))?.[0] : undefined;
}

function readVersion(
  variables: ReadonlyMap<string, string>,
  { variable, version }: VersionedData,
): string | undefined {
  return version.exec(variables.get(variable) ?? "")?.[0];
}
