import { readFile } from "node:fs/promises";
import type { Agent } from "node:http";
import { join } from "node:path";
import { type DockerHost, parseDockerHost, type TcpDockerHost } from "../access/dockerHost";
import { EngineSettingsError, readMessage } from "../daemon/engineSettingsError";
import type { FetchedText } from "../access/hostAccess";
import { fetchTextOverHttp } from "../access/httpFetch";
import { findEngineAgent } from "../access/sshAgent";
import { connectSsh } from "../access/sshConnection";

/** How requests get to an engine, in the words of `node:http` and of dockerode. */
export type EngineRoute =
  | { readonly socketPath: string }
  | {
      readonly protocol: "http";
      readonly host: string;
      readonly port: number;
      readonly agent?: Agent;
    }
  | {
      readonly protocol: "https";
      readonly host: string;
      readonly port: number;
      readonly ca: Buffer;
      readonly cert: Buffer;
      readonly key: Buffer;
    };

/**
 * Finds the way to an engine.
 *
 * @throws EngineSettingsError when TLS certificates are missing
 */
export async function findEngineRoute(dockerHost: DockerHost): Promise<EngineRoute> {
  const parsed = parseDockerHost(dockerHost);
  switch (parsed.kind) {
    case "unix":
      return { socketPath: parsed.socketPath };
    case "ssh": {
      const agent = findEngineAgent(connectSsh(parsed));
      // The name is never looked up; it stands in a header that the engine does not read.
      return { protocol: "http", host: "docker", port: 80, agent };
    }
    case "tcp": {
      const { name: host, port, certPath } = parsed;
      if (certPath === undefined) return { protocol: "http", host, port };
      return { protocol: "https", host, port, ...(await readCertificates(parsed, certPath)) };
    }
  }
}

/** One GET to an engine's API. */
export async function fetchFromEngine(
  dockerHost: DockerHost,
  path: string,
  timeoutSeconds?: number,
): Promise<FetchedText> {
  const route = await findEngineRoute(dockerHost);
  const timeout = timeoutSeconds === undefined ? {} : { timeoutSeconds };
  if ("socketPath" in route) {
    return fetchTextOverHttp({ url: `http://localhost${path}`, ...route, ...timeout });
  }
  const { protocol, host, port, ...connection } = route;
  const name = host.includes(":") ? `[${host}]` : host;
  return fetchTextOverHttp({ url: `${protocol}://${name}:${port}${path}`, ...timeout }, connection);
}

async function readCertificates({ name, port }: TcpDockerHost, folder: string) {
  const read = async (file: string): Promise<Buffer> => {
    try {
      return await readFile(join(folder, file));
    } catch (thrown) {
      throw new EngineSettingsError(
        `tcp://${name}:${port} is asked over TLS only, and a certificate is missing: ${readMessage(thrown)}. Put ca.pem, cert.pem and key.pem into one folder and name it by host.certPath (or DOCKER_CERT_PATH), or use ssh:// instead.`,
        { cause: thrown },
      );
    }
  };
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  return { ca, cert, key };
}
