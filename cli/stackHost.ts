import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parse } from "yaml";
import {
  type DockerHost,
  isSameEngine,
  localDockerHost,
  parseDockerHost,
} from "../host/access/dockerHost";
import { SetupError } from "./setupError";
import { findStackFile } from "./stackFiles";

/**
 * The engine that a stack file names, as far as that can be told before the program checks the whole file.
 *
 * @throws SetupError for a URI that is none
 */
export function readStackHost(stack: string): DockerHost {
  const file = findStackFile(stack);
  if (!existsSync(file)) return localDockerHost;
  const { config } = (parse(readFileSync(file, "utf8")) ?? {}) as {
    readonly config?: Readonly<Record<string, { uri?: unknown; certPath?: unknown } | null>>;
  };
  const { uri = localDockerHost.uri, certPath } = config?.["glasshouse:host"] ?? {};
  if (typeof uri !== "string" || !URL.canParse(uri)) {
    throw new SetupError(
      `host.uri in ${basename(file)} must be the URI of a Docker Engine, such as ssh://user@name, got ${JSON.stringify(uri)}.`,
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
