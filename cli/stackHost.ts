import { basename, resolve } from "node:path";
import {
  type DockerHost,
  isSameEngine,
  localDockerHost,
  parseDockerHost,
} from "../host/access/dockerHost";
import { SetupError } from "./setupError";
import { findStackFile, parseStackFile } from "./stackFiles";

/**
 * The engine that a stack file names, as far as that can be told before the program checks the whole file.
 *
 * @throws SetupError for a URI that is none, and for a file that is not YAML
 */
export function readStackHost(stack: string): DockerHost {
  const host = parseStackFile(stack)["glasshouse:host"];
  const { uri = localDockerHost.uri, certPath } = (host ?? {}) as Record<string, unknown>;
  if (typeof uri !== "string" || !URL.canParse(uri)) {
    throw new SetupError(
      `host.uri in ${basename(findStackFile(stack))} must be the URI of a Docker Engine, such as ssh://user@name, got ${JSON.stringify(uri)}.`,
    );
  }
  return typeof certPath === "string" ? { uri, certPath } : { uri };
}

/** The environment in which Docker's own command line talks to an engine. */
export function buildDockerEnvironment(dockerHost: DockerHost): Record<string, string> {
  if (isSameEngine(dockerHost, localDockerHost)) return {};
  const { uri } = dockerHost;
  const parsed = parseDockerHost(dockerHost);
  if (parsed.kind !== "tcp" || parsed.certPath === undefined) return { DOCKER_HOST: uri };
  return { DOCKER_HOST: uri, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: resolve(parsed.certPath) };
}
