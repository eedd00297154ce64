import { posix } from "node:path";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "../../config/settings/appSettings";
import { buildVolumeName } from "../../config/appVolumes";
import type { VolumeSettings } from "../../config/settings/volumeSettings";
import type { ListedContainer } from "../../host/docker/listContainers";
import { connectDocker } from "../../host/docker/connectDocker";
import { ensureVolumeOwner } from "../../host/docker/prepareVolume";
import { labels } from "../../host/labels";
import { Volume } from "../../resources/volume/resource";
import type { Deployment } from "./deployment";

/** A volume that an app shares with others. */
export interface LentVolume {
  readonly volume: pulumi.Output<string>;
  /** Image and user of the app that it belongs to. */
  readonly image: pulumi.Input<string>;
  readonly user: string;
}

export interface AppVolumesArgs {
  readonly deployment: Deployment;
  readonly app: Pick<AppSettings, "name" | "replicas" | "volumes" | "user">;
  readonly imageId: pulumi.Input<string>;
  readonly toolImageId: pulumi.Input<string>;
  /** Volumes of other apps. */
  readonly lentBy: (app: string, name: string) => LentVolume;
}

export interface AppVolumes {
  /** What each replica mounts, from the first on. */
  readonly mounts: readonly docker.types.input.ContainerMount[][];
  /** Those that other apps may mount, by the setting's name. */
  readonly lent: Readonly<Record<string, LentVolume>>;
  /** Starts a container that was created, when it may write to its volumes; missing where it writes to none. */
  readonly starter: pulumi.ResourceHook | undefined;
}

/**
 * The volumes of an app's replicas. A new one starts with what the replica has kept at that place so far, else with what the image
 * has there; one with data stays on the host when its setting or its app goes.
 */
export function createAppVolumes(
  name: string,
  args: AppVolumesArgs,
  opts: pulumi.CustomResourceOptions,
): AppVolumes {
  const { deployment, app, imageId, toolImageId, lentBy } = args;
  const { prefix } = deployment;
  const replicas = Array.from({ length: app.replicas }, (_, index) => index);

  const createVolume = (settings: VolumeSettings, index: number) => {
    const suffix = buildVolumeName(app.name, settings, index);
    const volume = `${prefix}-${suffix}`;
    const holders = settings.shared ? replicas : [index];
    const held = holders.flatMap((replica) => {
      const Mounts = deployment.presentContainers.get(`${prefix}-${app.name}-${replica + 1}`);
      return Mounts === undefined ? [] : findHeldVolumes({ Mounts }, settings.path);
    });
    const copyFrom = held.find((each) => each !== volume);
    const role = suffix.slice(app.name.length + 1);
    return new Volume(
      `${name}-volume-${role}`,
      {
        dockerHost: deployment.dockerHost,
        name: volume,
        ...(!settings.temporary && { holdsData: true }),
        ...(settings.backup !== "stop" && { backup: settings.backup }),
        labels: {
          ...deployment.labels,
          [labels.app]: app.name,
          [labels.volume]: role,
          ...(!settings.temporary && { [labels.data]: "true" }),
        },
        content: {
          image: imageId,
          path: settings.path,
          user: app.user,
          toolImage: toolImageId,
          ...(copyFrom !== undefined && { copyFrom }),
        },
      },
      opts,
    );
  };

  const lent: Record<string, LentVolume> = {};
  const ofReplicas = app.volumes.map((settings) => {
    const { name: given = "", from } = settings;
    if (from !== undefined) {
      const { volume } = lentBy(from, given);
      return replicas.map(() => volume);
    }
    if (!settings.shared) return replicas.map((index) => createVolume(settings, index).name);
    const volume = createVolume(settings, 0).name;
    lent[given] = { volume, image: imageId, user: app.user };
    return replicas.map(() => volume);
  });
  const mounts = replicas.map((index) =>
    app.volumes.map(({ path, readOnly }, place) => ({
      type: "volume",
      source: ofReplicas[place]?.[index] ?? "",
      target: path,
      readOnly,
    })),
  );
  const isOwned = app.volumes.some(({ readOnly, from }) => !readOnly || from !== undefined);
  return { mounts, lent, starter: isOwned ? buildStarter(name, args) : undefined };
}

/**
 * The engine gives an empty volume to the owner of the image's own folder when it creates a container. To ask it not to, the
 * provider needs engine 26 (`Subpath` in its `resource_docker_container_funcs.go`), so it is given back before the container starts: an
 * app that cannot write to its folder may go on without it, and keep nothing.
 */
function buildStarter(
  name: string,
  { deployment, app, toolImageId, lentBy }: AppVolumesArgs,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`${name}-volume-owner`, async ({ id, newInputs }) => {
    const { image, mounts } = newInputs as {
      readonly image: string;
      readonly mounts: readonly { source: string; target: string; readOnly?: boolean }[];
    };
    const docker = await connectDocker(deployment.dockerHost);
    const toolImage = await resolve(toolImageId);
    for (const { path, readOnly, from, name: given = "" } of app.volumes) {
      const source = mounts.find(({ target }) => target === path)?.source;
      if (source === undefined || (readOnly && from === undefined)) continue;
      const owner =
        from === undefined
          ? { image, user: app.user }
          : { image: await resolve(lentBy(from, given).image), user: lentBy(from, given).user };
      await ensureVolumeOwner(docker, source, { ...owner, path, toolImage });
    }
    await docker.getContainer(id).start();
  });
}

/** A hook is given no outputs. */
function resolve(input: pulumi.Input<string>): Promise<string> {
  return new Promise((done) => {
    pulumi.output(input).apply(done);
  });
}

/** The volumes that a container has at a place already, with a name or without. */
export function findHeldVolumes(
  { Mounts = [] }: Pick<ListedContainer, "Mounts">,
  path: string,
): string[] {
  return Mounts.flatMap(({ Type, Name, Destination }) =>
    Type === "volume" && Name !== undefined && posix.resolve(Destination) === posix.resolve(path)
      ? [Name]
      : [],
  );
}
