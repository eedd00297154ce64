import type { AppSettings } from "./settings/appSettings";
import type { VolumeSettings } from "./settings/volumeSettings";

/** Ends the name of the volume with an app's secrets. */
export const secretsVolumeSuffix = "secrets";

/**
 * The name of an app's volume on the host, without the stack's prefix. It says the replica also where there is one only: a second
 * replica must not change the first one's.
 *
 * @param index the replica, from 0; of no account for a shared volume
 */
export function buildVolumeName(
  app: string,
  { name: given, path, shared }: Pick<VolumeSettings, "name" | "path" | "shared">,
  index: number,
): string {
  const name = given ?? nameAfter(path);
  return shared ? `${app}-${name}` : `${app}-${name}-${index + 1}`;
}

/**
 * Names of all volumes of an app on the host, without the stack's prefix, each with the setting's place in its list. A shared one is
 * there without a replica too: another app may have it.
 */
export function listVolumeNames({
  name: app,
  replicas,
  volumes,
}: Pick<AppSettings, "name" | "replicas" | "volumes">): { name: string; place: number }[] {
  return volumes.flatMap((volume, place) =>
    volume.from !== undefined
      ? []
      : Array.from({ length: volume.shared ? 1 : replicas }, (_, index) => ({
          name: buildVolumeName(app, volume, index),
          place,
        })),
  );
}

function nameAfter(path: string): string {
  const words = path.toLowerCase().split(/[^a-z0-9]+/);
  return words.filter(Boolean).join("-").slice(0, 40).replace(/-$/, "");
}
