import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "../../config/appSettings";
import type { Deployment } from "./deployment";
import { hashBuildFolder } from "./hashBuildFolder";

export interface AppImageArgs {
  readonly deployment: Deployment;
  readonly app: Pick<AppSettings, "name" | "image" | "build">;
  /** Handed to a build as the build argument `BASE_IMAGE`. */
  readonly baseImage: string;
}

/**
 * Pulumi's bridge to Terraform deletes what has a name of its own before it makes the new one, and whatever depends on
 * it: a running app would be gone before its next image is known to exist.
 */
const deleteBeforeReplace = false;

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
    { ...opts, provider, deleteBeforeReplace },
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
    {
      ...opts,
      provider: deployment.dockerProvider,
      deleteBeforeReplace,
      hooks: { onError: [new pulumi.ErrorHook(`${name}-advice`, () => adviseOnPull(reference))] },
    },
  );
}

/** The provider leaves out why a pull broke off in the middle (`pullImage` in its resource_docker_image_funcs.go). */
async function adviseOnPull(reference: string): Promise<boolean> {
  // Not bound to the resource: its URN is known after its registration only, which waits for this hook.
  await pulumi.log.error(
    `${reference} could not be pulled. \`docker pull ${reference}\` shows why: check the name and the version, and ` +
      "that the engine reaches the registry. What was running still runs; then run `pulumi up` again.",
  );
  return false;
}
