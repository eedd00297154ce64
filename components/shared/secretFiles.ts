import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "../../config/settings/appSettings";
import type { Deployment } from "./deployment";
import { Volume } from "../../resources/volume/resource";
import { VolumeFiles } from "../../resources/volumeFiles/resource";

export interface SecretFilesArgs {
  readonly deployment: Deployment;
  readonly app: Pick<AppSettings, "name" | "secrets">;
  readonly toolImageId: pulumi.Input<string>;
  readonly secretOf: (configKey: string) => pulumi.Output<string>;
}

/** How an app gets its secrets: what to add to its containers. */
export interface SecretFiles {
  readonly environment: Record<string, pulumi.Input<string>>;
  readonly mounts: docker.types.input.ContainerMount[];
  readonly labels: Record<string, pulumi.Input<string>>;
}

/** Where an app finds its secrets. */
export const secretsFolder = "/run/secrets";

/**
 * Secrets as files in a volume, so that `docker inspect` shows a path where it would show the value. A secret that an
 * app asks for as an environment variable is passed as one.
 */
export function createSecretFiles(
  name: string,
  { deployment, app, toolImageId, secretOf }: SecretFilesArgs,
  opts: pulumi.CustomResourceOptions,
): SecretFiles {
  const entries = Object.entries(app.secrets).map(([key, { config, as }]) => ({
    key,
    as,
    value: secretOf(config),
  }));
  const inEnvironment = entries.filter(({ as }) => as === "environment");
  const inFiles = entries.filter(({ as }) => as === "file");
  const environment: Record<string, pulumi.Input<string>> = {
    ...Object.fromEntries(inEnvironment.map(({ key, value }) => [key, value])),
    ...Object.fromEntries(inFiles.map(({ key }) => [`${key}_FILE`, `${secretsFolder}/${key}`])),
  };
  if (inFiles.length === 0) return { environment, mounts: [], labels: {} };

  const volume = new Volume(
    `${name}-volume`,
    { dockerHost: deployment.dockerHost, name: `${deployment.prefix}-${app.name}-secrets` },
    opts,
  );
  const files = new VolumeFiles(
    `${name}-files`,
    {
      dockerHost: deployment.dockerHost,
      volume: volume.name,
      image: toolImageId,
      files: Object.fromEntries(inFiles.map(({ key, value }) => [key, value])),
    },
    opts,
  );
  return {
    environment,
    mounts: [{ type: "volume", source: volume.name, target: secretsFolder, readOnly: true }],
    // An app reads its secrets when it starts: the label makes a rotated secret replace the containers.
    labels: { "glasshouse.secrets": files.revision },
  };
}
