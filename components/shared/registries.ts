import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  locateImage,
  normalizeRegistry,
  parseImageReference,
} from "../../config/parseImageReference";
import type { Settings } from "../../config/settings/settings";
import type { RegistryLogin } from "../../host/build/buildImage";
import { adviseOnRegistry, type KnownRegistries } from "../../host/docker/registryAdvice";

/** Where images come from, and the log-ins for it. */
export interface Registries extends KnownRegistries {
  /** For builds; encrypted in the state if there is a password in it. */
  readonly secretLogins: pulumi.Input<readonly RegistryLogin[]>;
}

export function buildRegistries(
  { imageMirror, registryAuth }: Pick<Settings, "imageMirror" | "registryAuth">,
  secretOf: (configKey: string) => pulumi.Output<string>,
): Registries {
  const mirror = imageMirror.registry?.split("/")[0];
  const logins = registryAuth.map(({ registry, username, password }) => ({
    registry: normalizeRegistry(registry),
    username,
    configKey: password.config,
  }));
  return {
    ...(mirror !== undefined && { mirror: normalizeRegistry(mirror) }),
    logins,
    secretLogins: pulumi.all(
      logins.map((login) =>
        secretOf(login.configKey).apply((password) => ({ ...login, password })),
      ),
    ),
  };
}

/** The log-ins as the Docker provider takes them, which calls Docker Hub by the name of its server. */
export function buildRegistryAuth({
  logins,
  secretLogins,
}: Registries): docker.ProviderArgs["registryAuth"] {
  if (logins.length === 0) return undefined;
  return pulumi.output(secretLogins).apply((all) =>
    all.map(({ registry, username, password }) => ({
      address: registry === "docker.io" ? "registry-1.docker.io" : registry,
      username,
      password,
    })),
  );
}

/** What helps against an error of a pull, in one sentence; empty if nothing is known. */
export function adviseOnPull(reference: string, said: string, registries: Registries): string {
  const name = parseImageReference(reference)?.name ?? reference;
  return adviseOnRegistry(said, locateImage(name).registry, registries) ?? "";
}
