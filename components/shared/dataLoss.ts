import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../host/access/dockerHost";
import { buildUserMistake } from "../../config/userMistake";
import { findOtherVersions, type OtherVersion } from "../../host/docker/dataVersion";
import {
  findUncoveredVolumes,
  type UncoveredVolume,
  type VolumeQuestion,
} from "../../host/docker/imageVolumes";

/** An app or a server, and what its containers are created from. */
export interface VolumeOwner extends VolumeQuestion {
  /** As a user calls it: `the app db`. */
  readonly owner: string;
}

/**
 * Refuses to create a container whose image keeps data where nothing is mounted: the engine would put the data into an
 * anonymous volume, and the next container gets a new, empty one.
 *
 * @throws pulumi.RunError with every such folder of every owner, what would be lost, and the way out
 */
export async function rejectDataLoss(
  dockerHost: DockerHost,
  owners: readonly VolumeOwner[],
): Promise<void> {
  throwDataLoss(await findDataLoss(dockerHost, owners));
}

/** What `rejectDataLoss` would refuse, one text for each folder. */
export async function findDataLoss(
  dockerHost: DockerHost,
  owners: readonly VolumeOwner[],
): Promise<string[]> {
  const found = await Promise.all(
    owners.map(async (owner) => {
      const volumes = await orNoneInPreview(findUncoveredVolumes(dockerHost, owner));
      const versions = await orNoneInPreview(findOtherVersions(dockerHost, owner));
      return [
        ...volumes.map((volume) => renderUncovered(owner, volume)),
        ...versions.map((version) => renderOtherVersion(owner, version)),
      ];
    }),
  );
  return found.flat();
}

/** @throws pulumi.RunError unless there are no problems */
export function throwDataLoss(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw buildUserMistake(
    [
      "Data would be lost. No container that keeps such data is created, replaced or removed; what runs, runs on.",
      ...problems,
    ].join("\n"),
  );
}

/** How to save what a container keeps in a folder of its own. */
export function renderSaving(container: string, path: string): string {
  return `      save it first: docker stop ${container} && docker cp ${container}:${path} ./${container}-data`;
}

/** A preview goes on without an engine; the update then asks again. */
async function orNoneInPreview<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer;
  } catch (error) {
    if (pulumi.runtime.isDryRun()) return [];
    throw error;
  }
}

const dumpCommands: Readonly<Record<OtherVersion["title"], string>> = {
  PostgreSQL: "pg_dumpall",
  MySQL: "mysqldump",
  MariaDB: "mariadb-dump",
  MongoDB: "mongodump",
};

function renderOtherVersion(
  { owner }: VolumeOwner,
  { title, container, found, wanted }: OtherVersion,
): string {
  return [
    `  ${owner}: the data of ${container} are of ${title} ${found}, and its new image has ${wanted}, which cannot read them.`,
    "      It would not start, and the container that can read them would be gone.",
    `      hint:  dump them while ${found} runs (docker exec ${container} ${dumpCommands[title]} …), give the volume another \`name\` with the new`,
    `             image, and load the dump; or stay with an image of ${title} ${found}`,
  ].join("\n");
}

function renderUncovered({ owner, image }: VolumeOwner, { path, heldBy }: UncoveredVolume): string {
  return [
    `  ${owner}: the image ${image} keeps data in ${path} (VOLUME), and nothing is mounted there. The engine would put`,
    "      the data into an anonymous volume, and every change that replaces the container would start with an empty one.",
    ...heldBy.flatMap(({ container, volume }) => [
      `      at stake: what ${container} keeps there now, in the anonymous volume ${volume}`,
      renderSaving(container, path),
    ]),
    `      hint:  add to the app: volumes: [{ name: ${suggestName(path)}, path: ${path} }]` +
      (heldBy.length > 0 ? ", which starts with a copy of them" : ""),
    `             or, if the data may go: volumes: [{ path: ${path}, temporary: true }]`,
  ].join("\n");
}

/** Another one for each folder of an image with several. */
function suggestName(path: string): string {
  const [name = ""] = /[a-z0-9]+$/.exec(path.toLowerCase().replace(/\/+$/, "")) ?? [];
  return name === "" ? "data" : name.slice(0, 40);
}
