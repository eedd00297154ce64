import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "../../config/settings/appSettings";
import { buildUserMistake } from "../../config/userMistake";
import { type BuildRecipe, hashBuildFolder } from "../../host/build/hashBuildFolder";
import { BuiltImage } from "../../resources/builtImage/resource";
import type { Deployment } from "./deployment";
import { adviseOnPull } from "./registries";

export interface AppImageArgs {
  readonly deployment: Deployment;
  readonly app: Pick<AppSettings, "name" | "image" | "build">;
  /** Handed to a build as the build argument `BASE_IMAGE`. */
  readonly baseImage: string;
  /** Registry that a built image is pushed to. Default: none, the image stays on its engine */
  readonly registry?: string | undefined;
}

export interface AppImage {
  readonly imageId: pulumi.Output<string>;
  /** By which other engines can pull it, as far as a registry has it; undefined for one that is built and not pushed. */
  readonly reference?: string;
}

/**
 * Pulumi's bridge to Terraform deletes what has a name of its own before it makes the new one, and whatever depends on
 * it: a running app would be gone before its next image is known to exist.
 */
const deleteBeforeReplace = false;

/** The image of an app: pulled, or built from a folder as soon as the folder's content changes. */
export function createAppImage(
  name: string,
  { deployment, app, baseImage, registry }: AppImageArgs,
  opts: pulumi.CustomResourceOptions,
): AppImage {
  if (!app.build) {
    const { image: reference = "" } = app;
    const { imageId } = createPulledImage(name, deployment, reference, opts);
    return { imageId, reference };
  }

  const { context, dockerfile, args } = app.build;
  const buildArgs = { BASE_IMAGE: baseImage, ...args };
  const local = `${deployment.prefix}/${app.name}`;
  const repository = registry === undefined ? local : `${registry}/${local}`;
  const hash = hashOrReject(app.name, context, { dockerfile, buildArgs });
  const { imageId } = new BuiltImage(
    name,
    {
      dockerHost: deployment.dockerHost,
      repository,
      ...(registry !== undefined && { isPushed: true }),
      hash,
      context,
      dockerfile,
      buildArgs,
      logins: deployment.registries.secretLogins,
    },
    opts,
  );
  return registry === undefined ? { imageId } : { imageId, reference: `${repository}:${hash}` };
}

/** @throws pulumi.RunError that names the file that cannot be read */
function hashOrReject(appName: string, context: string, recipe: BuildRecipe): string {
  try {
    return hashBuildFolder(context, recipe);
  } catch (error) {
    throw buildUserMistake(
      `The build folder of the app ${appName} cannot be read as a whole: ${(error as Error).message}. ` +
        "Make the file readable, or leave it out by .dockerignore.",
    );
  }
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
      hooks: {
        onError: [
          // Not bound to the resource: its URN is known after its registration only, which waits for this hook.
          new pulumi.ErrorHook(`${name}-advice`, async ({ errors: [said = ""] }) => {
            await pulumi.log.error(renderPullFailure(deployment, reference, said));
            return false;
          }),
        ],
      },
    },
  );
}

/** The provider leaves out why a pull broke off in the middle (`pullImage` in its resource_docker_image_funcs.go). */
function renderPullFailure({ registries }: Deployment, reference: string, said: string): string {
  const known = adviseOnPull(reference, said, registries);
  return [
    `${reference} could not be pulled. \`docker pull ${reference}\` shows why: check the name and the version, and ` +
      "that the engine reaches the registry. What was running still runs; then run `pulumi up` again.",
    ...(known === "" ? [] : [known]),
  ].join(" ");
}
