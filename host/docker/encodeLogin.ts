import type { RegistryLogin } from "../build/buildImage";

/** A log-in as the engine's API is told it, in the header `X-Registry-Auth`. */
export function encodeLogin({
  registry,
  username,
  password,
}: Pick<RegistryLogin, "registry" | "username" | "password">) {
  // Docker's name for Docker Hub's log-ins is from its first days.
  const serveraddress = registry === "docker.io" ? "https://index.docker.io/v1/" : registry;
  return { username, password, serveraddress };
}
