import { readFileSync } from "node:fs";
import { posix } from "node:path";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "../../config/settings/appSettings";
import { buildVolumeName } from "../../config/appVolumes";
import { type FileSettings, groupByFolder } from "../../config/settings/fileSettings";
import { Volume } from "../../resources/volume/resource";
import { VolumeFiles } from "../../resources/volumeFiles/resource";
import type { Deployment } from "./deployment";

export interface AppFilesArgs {
  readonly deployment: Deployment;
  readonly app: Pick<AppSettings, "name" | "files">;
  readonly imageId: pulumi.Input<string>;
  readonly toolImageId: pulumi.Input<string>;
  readonly secretOf: (configKey: string) => pulumi.Output<string>;
}

/** How an app gets its files: what to add to its containers, and what a change does to those that run. */
export interface AppFiles {
  readonly mounts: docker.types.input.ContainerMount[];
  readonly labels: Record<string, pulumi.Input<string>>;
  /** Changes with the files that are read again after a signal, by signal. */
  readonly signals: Record<string, pulumi.Input<string>>;
}

/** Files in volumes, one for each folder: a single file that is mounted would not see its next version. */
export function createAppFiles(
  name: string,
  { deployment, app, imageId, toolImageId, secretOf }: AppFilesArgs,
  opts: pulumi.CustomResourceOptions,
): AppFiles {
  const { dockerHost, prefix } = deployment;
  const readText = ({ text, source, secret }: FileSettings) =>
    secret !== undefined
      ? secretOf(secret)
      : source !== undefined
        ? readFileSync(source, "utf8")
        : (text ?? "");

  const groups = groupByFolder(app.files).map(([folder, files]) => {
    const volumeName = buildVolumeName(app.name, { path: `/files${folder}`, shared: true }, 0);
    const volume = new Volume(
      `${name}${volumeName.slice(app.name.length)}`,
      { dockerHost, name: `${prefix}-${volumeName}` },
      opts,
    );
    const { revision } = new VolumeFiles(
      `${name}${volumeName.slice(app.name.length)}-content`,
      {
        dockerHost,
        volume: volume.name,
        image: toolImageId,
        files: Object.fromEntries(files.map((file) => [posix.basename(file.path), readText(file)])),
        mountedOver: { image: imageId, folder },
      },
      opts,
    );
    const mount = { type: "volume", source: volume.name, target: folder, readOnly: true };
    return { mount, revision, reload: files[0]?.reload ?? "replace" };
  });

  const joinRevisions = (reload: string) =>
    pulumi
      .all(groups.filter((group) => group.reload === reload).map(({ revision }) => revision))
      .apply((revisions) => revisions.join(" "));
  const reloads = [...new Set(groups.map(({ reload }) => reload))];
  const signals = reloads.filter((reload) => reload !== "replace");
  return {
    mounts: groups.map(({ mount }) => mount),
    labels: reloads.includes("replace") ? { "glasshouse.files": joinRevisions("replace") } : {},
    signals: Object.fromEntries(signals.map((signal) => [signal, joinRevisions(signal)])),
  };
}
