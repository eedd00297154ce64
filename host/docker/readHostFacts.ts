import { type DockerHost, parseDockerHost } from "../access/dockerHost";
import { openHost } from "../access/openHost";
import { fetchFromEngine } from "./engineRequest";

/** What containers that look at their host need to know about it. */
export interface HostFacts {
  readonly hostname: string;
  /** Where the engine's socket is on the host. */
  readonly socketPath: string;
  /** Group id of the socket; undefined where only the engine's API is reached. */
  readonly socketGroup: number | undefined;
  /** Folder of the engine's data. */
  readonly dataRoot: string;
  readonly storageDriver: string;
}

const usualSocket = "/var/run/docker.sock";

/** @throws Error when the engine does not answer, or the host does not tell its socket's group */
export async function readHostFacts(dockerHost: DockerHost): Promise<HostFacts> {
  const parsed = parseDockerHost(dockerHost);
  const socketPath = parsed.kind === "unix" ? parsed.socketPath : usualSocket;
  const [{ text }, socketGroup] = await Promise.all([
    fetchFromEngine(dockerHost, "/info", 10),
    parsed.kind === "tcp" ? undefined : readGroup(dockerHost, socketPath),
  ]);
  const info = JSON.parse(text) as { Name: string; DockerRootDir: string; Driver: string };
  return {
    hostname: info.Name,
    socketPath,
    socketGroup,
    dataRoot: info.DockerRootDir,
    storageDriver: info.Driver,
  };
}

async function readGroup(dockerHost: DockerHost, path: string): Promise<number> {
  const { exitCode, stdout, stderr } = await openHost(dockerHost).run(["stat", "-Lc", "%g", path]);
  if (exitCode !== 0) throw new Error(`the group of ${path} cannot be read: ${stderr.trim()}`);
  return Number(stdout.trim());
}
