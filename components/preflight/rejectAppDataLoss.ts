import type { AppSettings } from "../../config/settings/appSettings";
import { buildVolumeName } from "../../config/appVolumes";
import { groupByFolder } from "../../config/settings/fileSettings";
import type { Settings } from "../../config/settings/settings";
import { listAnonymousVolumes } from "../../host/docker/imageVolumes";
import type { ListedContainer } from "../../host/docker/listContainers";
import { findHeldVolumes } from "../shared/appVolumes";
import { findDataLoss, renderSaving, throwDataLoss } from "../shared/dataLoss";
import { buildReplicaName } from "../../resources/types";
import { buildPrefix, isOfThisStack } from "../shared/deployment";
import { secretsFolder } from "../shared/secretFiles";

/**
 * Refuses what would lose data that no setting says where to keep: apps whose image, as far as the engine holds it, declares
 * `VOLUME` where nothing is mounted; and the removal of containers with such data. Images that come later are looked at before a
 * container is created from them.
 *
 * @param containers those on the host
 * @throws pulumi.RunError with every such app, before anything is touched
 */
export async function rejectAppDataLoss(
  { host, apps }: Pick<Settings, "host" | "apps">,
  containers: readonly ListedContainer[],
): Promise<void> {
  const own = containers.filter(isOfThisStack).map((container) => ({
    name: container.Names[0]?.slice(1) ?? "",
    anonymous: listAnonymousVolumes(container),
  }));
  const owners = apps.flatMap(
    ({ name, image, replicas, writablePaths, volumes, files, secrets }) => {
      if (image === undefined || replicas === 0) return [];
      const hasFiles = Object.values(secrets).some(({ as }) => as === "file");
      const mounted = [
        ...writablePaths,
        ...volumes.map(({ path }) => path),
        ...groupByFolder(files).map(([folder]) => folder),
        ...(hasFiles ? [secretsFolder] : []),
      ];
      const wanted = new Set(listNames(name, replicas));
      const present = own.filter((container) => wanted.has(container.name));
      return [
        { owner: `the app ${name}`, image, mounted, containers: present.map((each) => each.name) },
      ];
    },
  );
  const spread = apps.flatMap((app) => findSpreadData(app, containers));
  const kept = new Set(apps.flatMap(({ name, replicas }) => listNames(name, replicas)));
  throwDataLoss([
    ...(await findDataLoss(host, owners)),
    ...spread,
    ...own
      .filter(({ name }) => !kept.has(name))
      .flatMap(({ name, anonymous }) => anonymous.map((each) => renderRemoval(name, each))),
  ]);
}

function listNames(app: string, replicas: number): string[] {
  return Array.from({ length: replicas }, (_, index) =>
    buildReplicaName(buildPrefix(), app, index),
  );
}

/** Volumes of several replicas that would become one: which of them it starts with is not ours to say. */
function findSpreadData(
  { name, replicas, volumes }: AppSettings,
  containers: readonly ListedContainer[],
): string[] {
  const names = new Set(listNames(name, replicas));
  const own = containers.filter(({ Names: [first = ""] }) => names.has(first.slice(1)));
  return volumes.flatMap((volume) => {
    if (!volume.shared || volume.from !== undefined) return [];
    const wanted = `${buildPrefix()}-${buildVolumeName(name, volume, 0)}`;
    const held = [...new Set(own.flatMap((container) => findHeldVolumes(container, volume.path)))];
    if (held.length < 2 || held.includes(wanted)) return [];
    return [
      [
        `  the app ${name}: its replicas have a volume each for ${volume.path} (${held.sort().join(", ")}), and would share one now.`,
        `      hint:  make the shared one of those you want: docker volume create ${wanted}, and copy them there; or set`,
        "             `replicas: 1` for one update, which keeps the data of the first",
      ].join("\n"),
    ];
  });
}

function renderRemoval(
  container: string,
  { volume, path }: { readonly volume: string; readonly path: string },
): string {
  return [
    `  ${container} is no longer in the stack file, and keeps data in ${path}, in the anonymous volume ${volume},`,
    "      which would be removed with it.",
    renderSaving(container, path),
    `      hint:  remove the container yourself, which keeps the volume: docker rm --force ${container}; then run \`pulumi up\` again`,
  ].join("\n");
}
