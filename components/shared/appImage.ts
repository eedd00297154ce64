import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "../../config/appSettings";
import type { Deployment } from "./deployment";
import { hashBuildFolder } from "./hashBuildFolder";

export interface AppImageArgs {
  readonly deployment: Deployment;
  readonly app: Pick<AppSettings, "name" | "image" | "build">;
  /** Handed to a build as the build argument `BASE_IMAGE`. */
  readonly baseImage: string;
}

/** The image of an app: pulled, or built from a folder as soon as the folder's content changes. */
export function createAppImage(
  name: string,
  { deployment, app, baseImage }: AppImageArgs,
  opts: pulumi.CustomResourceOptions,
): docker.RemoteImage {
  const provider = deployment.dockerProvider;
  if (!app.build) return createPulledImage(name, deployment, app.image ?? "", opts);

  const { context, dockerfile, args } = app.build;
  const buildArgs = { BASE_IMAGE: baseImage, ...args };
  const hash = hashBuildFolder(context, { dockerfile, buildArgs });
  return new docker.RemoteImage(
    name,
    {
      name: `${deployment.prefix}/${app.name}:${hash}`,
      build: { context, dockerfile, buildArgs, remove: true, forceRemove: true },
    },
    { ...opts, provider },
  );
}

/** An image from a registry, or one that the engine holds already. It stays on the host when the stack goes. */
export function createPulledImage(
  name: string,
  deployment: Deployment,
  reference: string,
  opts: pulumi.CustomResourceOptions,
): docker.RemoteImage {
  return new docker.RemoteImage(
    name,
    { name: reference, keepLocally: true },
    { ...opts, provider: deployment.dockerProvider },
  );
}
