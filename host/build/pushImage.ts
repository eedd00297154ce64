import type Docker from "dockerode";
import { readMessage } from "../daemon/engineSettingsError";
import { encodeLogin } from "../docker/encodeLogin";
import { rejectFailure } from "../docker/readEvents";
import { adviseOnRegistry } from "../docker/registryAdvice";
import type { RegistryLogin } from "./buildImage";

export interface ImagePush {
  /** Name of the image, which begins with its registry. */
  readonly repository: string;
  readonly tag: string;
  readonly logins: readonly RegistryLogin[];
}

/**
 * Pushes an image of the engine to its registry.
 *
 * @throws Error with the registry's answer, and which setting helps
 */
export async function pushImage(
  docker: Docker,
  { repository, tag, logins }: ImagePush,
): Promise<void> {
  const [registry = ""] = repository.split("/");
  const login = logins.find((each) => each.registry === registry.toLowerCase());
  // Without the header, engines take the empty body for a log-in that they cannot read.
  const authconfig = login === undefined ? { base64: "e30=" } : encodeLogin(login);
  try {
    await rejectFailure(await docker.getImage(repository).push({ tag, authconfig }));
  } catch (error) {
    const said = readMessage(error);
    const advice = adviseOnRegistry(said, registry, { logins });
    throw new Error(
      `${repository}:${tag} cannot be pushed for the nodes of the Swarm: ${said}.${advice === undefined ? "" : ` ${advice}`}`,
      { cause: error },
    );
  }
}
