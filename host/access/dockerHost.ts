import { homedir } from "node:os";
import { join } from "node:path";

/** A host as the settings name it, and as all of Glasshouse hands it around. */
export interface DockerHost {
  /** `unix://` and a path, `ssh://[user@]name[:port]`, or `tcp://name:port`. */
  readonly uri: string;
  /** Folder of the certificates, for `tcp://` only. Default: Docker's own */
  readonly certPath?: string | undefined;
}

/** The engine of this machine, where its owner has not put it elsewhere. */
export const localDockerHost: DockerHost = { uri: "unix:///var/run/docker.sock" };

/** How an engine is reached. */
export type ParsedDockerHost = UnixDockerHost | SshDockerHost | TcpDockerHost;

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

/** Reads a host's URI, and fills in Docker's defaults. */
export function parseDockerHost({ uri, certPath: given }: DockerHost): ParsedDockerHost {
  const url = new URL(uri);
  const name = url.hostname.replace(/^\[|\]$/g, "");
  switch (url.protocol) {
    case "ssh:": {
      const user = url.username === "" ? undefined : decodeURIComponent(url.username);
      return { kind: "ssh", user, name, port: url.port === "" ? undefined : url.port };
    }
    case "tcp:": {
      const isPlain = given === undefined && isLoopback(name) && url.port !== `${tcpPorts.tls}`;
      const certPath = isPlain ? undefined : (given ?? findUsualCertPath());
      const port = Number(url.port || (isPlain ? tcpPorts.plain : tcpPorts.tls));
      return { kind: "tcp", name, port, certPath };
    }
    default:
      return { kind: "unix", socketPath: url.pathname };
  }
}

/** Whether two hosts are the same engine; where the certificates lie makes no difference. */
export function isSameEngine(one: DockerHost, other: DockerHost): boolean {
  return one.uri === other.uri;
}

/** Whether an engine is on another machine than this program, as far as its URI tells. */
export function isRemote(dockerHost: DockerHost): boolean {
  return parseDockerHost(dockerHost).kind !== "unix";
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || name.startsWith("127.");
}

/** Where Docker's own command line looks. @see https://docs.docker.com/engine/security/protect-access/ */
function findUsualCertPath(): string {
  return process.env["DOCKER_CERT_PATH"] || join(homedir(), ".docker");
}
