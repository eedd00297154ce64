import { homedir } from "node:os";
import { join } from "node:path";

/** The engine of this machine, where its owner has not put it elsewhere. */
export const localDockerHost = "unix:///var/run/docker.sock";

/** How an engine is reached. */
export type DockerHost = UnixDockerHost | SshDockerHost | TcpDockerHost;

export interface UnixDockerHost {
  readonly kind: "unix";
  readonly socketPath: string;
}

/** Everything else, such as the key or a jump host, is what the user's own ssh config says. */
export interface SshDockerHost {
  readonly kind: "ssh";
  readonly user: string | undefined;
  readonly name: string;
  readonly port: string | undefined;
}

export interface TcpDockerHost {
  readonly kind: "tcp";
  readonly name: string;
  readonly port: number;
  /** Folder of `ca.pem`, `cert.pem` and `key.pem`; `undefined` for an engine on loopback without TLS. */
  readonly certPath: string | undefined;
}

/** Docker's own ports for the API with and without TLS. */
const tcpPorts = { tls: 2376, plain: 2375 };

/**
 * Reads an engine's URI. For `tcp://` it can carry the folder of the certificates (`?certPath=`), so that whoever is
 * handed the URI can connect.
 */
export function parseDockerHost(uri: string): DockerHost {
  const url = new URL(uri);
  const name = url.hostname.replace(/^\[|\]$/g, "");
  switch (url.protocol) {
    case "ssh:": {
      const user = url.username === "" ? undefined : decodeURIComponent(url.username);
      return { kind: "ssh", user, name, port: url.port === "" ? undefined : url.port };
    }
    case "tcp:": {
      const given = url.searchParams.get("certPath") ?? undefined;
      const isPlain = given === undefined && isLoopback(name) && url.port !== `${tcpPorts.tls}`;
      const certPath = isPlain ? undefined : (given ?? findUsualCertPath());
      const port = Number(url.port || (isPlain ? tcpPorts.plain : tcpPorts.tls));
      return { kind: "tcp", name, port, certPath };
    }
    default:
      return { kind: "unix", socketPath: url.pathname };
  }
}

/** An engine's URI as all of Glasshouse hands it around, from what the settings say. */
export function buildDockerHost(uri: string, certPath: string | undefined): string {
  return certPath === undefined ? uri : `${uri}?certPath=${encodeURIComponent(certPath)}`;
}

/** An engine's URI as Docker's own programs take it. */
export function renderDockerHost(dockerHost: string): string {
  return dockerHost.replace(/\?.*$/, "");
}

/** Whether two URIs mean the same engine; where the certificates lie makes no difference. */
export function isSameEngine(one: string, other: string): boolean {
  return renderDockerHost(one) === renderDockerHost(other);
}

/** Whether an engine is on another machine than this program, as far as its URI tells. */
export function isRemote(dockerHost: string): boolean {
  return parseDockerHost(dockerHost).kind !== "unix";
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || name.startsWith("127.");
}

/** Where Docker's own command line looks. @see https://docs.docker.com/engine/security/protect-access/ */
function findUsualCertPath(): string {
  return process.env["DOCKER_CERT_PATH"] || join(homedir(), ".docker");
}
