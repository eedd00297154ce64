import { isVolumePart, type VolumeGroup } from "./findVolumeGroups";
import { servers } from "../../config/servers/servers";

/** The data of a server, which a backup holds. What is not in a backup comes from the stack file. */
export interface DataKind {
  /** Name of the server, and of its part of the archive. */
  readonly name: string;
  readonly title: string;
  /** Ends the name of the volume. */
  readonly volumeSuffix: string;
  /** Answers inside the container as soon as the server serves. */
  readonly readyUrl: string;
  /** Answers inside the container with a JSON document that holds the server's version. */
  readonly versionUrl: string;
}

export const dataKinds: readonly DataKind[] = servers.flatMap(
  ({ name, title, port, readyPath, versionPath = readyPath, volumes }) =>
    volumes
      .filter(({ holdsData }) => holdsData)
      .map(({ role }) => ({
        name,
        title,
        volumeSuffix: `-${name}-${role}`,
        readyUrl: `http://127.0.0.1:${port}${readyPath}`,
        versionUrl: `http://127.0.0.1:${port}${versionPath}`,
      })),
);

/** The data of one server, where they lie. */
export interface DataPart {
  readonly kind: DataKind;
  readonly volume: string;
  /** Name or id of the container that writes to the volume. */
  readonly container: string;
  /** The container's image, which has the commands that the work on the volume needs. */
  readonly image: string;
}

/** All data of a stack. */
export interface StackData {
  readonly parts: readonly DataPart[];
  readonly groups: readonly VolumeGroup[];
}

export function isPartName(name: string): boolean {
  return isVolumePart(name) || dataKinds.some((kind) => kind.name === name);
}
