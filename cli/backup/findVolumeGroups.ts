import type { BackupMode } from "../../config/settings/volumeSettings";
import type { StackState } from "../doctor/stackState";

/** Starts the names of the parts of an archive that are volumes of apps. */
const partPrefix = "volume-";

/** A volume of an app, as a part of a backup. */
export interface VolumePart {
  /** Name of its part of the archive; the same in every stack. */
  readonly name: string;
  readonly volume: string;
  /** As a message calls it: `the volume db-data-1 of the app db`. */
  readonly title: string;
}

/** Volumes that are copied at one moment, because they have a container in common. */
export interface VolumeGroup {
  readonly parts: readonly VolumePart[];
  /** Names of the containers that have one of the volumes, whether they may write to it or not. */
  readonly users: readonly string[];
  /** Those that may write, who are held while a copy is made. */
  readonly writers: readonly string[];
  /** `stop` as soon as one of the volumes asks for it. */
  readonly mode: Exclude<BackupMode, "none">;
  /** Image with the commands that the work on the volumes needs. */
  readonly toolImage: string;
}

interface FoundVolume {
  readonly name: string;
  readonly app: string;
  readonly mode: Exclude<BackupMode, "none">;
  readonly users: readonly { readonly name: string; readonly writes: boolean }[];
}

/**
 * The volumes with the data of a stack's apps. Replicas with volumes of their own are groups of their own, so that one is held
 * after the other.
 *
 * @param kept volumes on the host that hold data, those of apps that are no longer deployed too
 */
export function findVolumeGroups(
  { containers, appVolumes }: Pick<StackState, "containers" | "appVolumes">,
  kept: readonly { readonly name: string; readonly app?: string }[],
  prefix: string,
  toolImage: string,
): VolumeGroup[] {
  const declared = new Map(appVolumes.map((volume) => [volume.name, volume]));
  const all = [
    ...appVolumes,
    ...kept.flatMap(({ name, app }) =>
      app === undefined || declared.has(name) ? [] : [{ name, app, backup: "stop" as const }],
    ),
  ];
  const found = all.flatMap(({ name, app, backup: mode }): FoundVolume[] => {
    if (mode === "none") return [];
    const users = containers.flatMap(({ inputs }) => {
      const mounts = (inputs.mounts ?? []).filter(({ source }) => source === name);
      if (mounts.length === 0) return [];
      return [{ name: inputs.name, writes: mounts.some(({ readOnly }) => readOnly !== true) }];
    });
    return [{ name, app, mode, users }];
  });
  return connect(found).map((volumes) => {
    const users = volumes.flatMap((volume) => volume.users);
    return {
      parts: volumes.map(({ name, app }) => {
        const role = name.slice(prefix.length + 1);
        return {
          name: partPrefix + role,
          volume: name,
          title: `the volume ${role} of the app ${app}`,
        };
      }),
      users: [...new Set(users.map(({ name }) => name))],
      writers: [...new Set(users.filter(({ writes }) => writes).map(({ name }) => name))],
      mode: volumes.some(({ mode }) => mode === "stop") ? "stop" : "pause",
      toolImage,
    };
  });
}

export function isVolumePart(name: string): boolean {
  return name.startsWith(partPrefix);
}

/** Puts volumes together that have a user in common, however indirectly. */
function connect(volumes: readonly FoundVolume[]): FoundVolume[][] {
  let groups: FoundVolume[][] = [];
  for (const volume of volumes) {
    const names = new Set(volume.users.map(({ name }) => name));
    const isNear = (group: FoundVolume[]) =>
      group.some(({ users }) => users.some(({ name }) => names.has(name)));
    const near = groups.filter(isNear);
    groups = [...groups.filter((group) => !isNear(group)), [...near.flat(), volume]];
  }
  return groups;
}
