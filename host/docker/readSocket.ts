import { type DockerHost, parseDockerHost } from "../access/dockerHost";
import { openHost } from "../access/openHost";

/** The engine's socket on its host. */
export interface EngineSocket {
  readonly socketPath: string;
  /** Group id of the socket; undefined where only the engine's API is reached. */
  readonly socketGroup: number | undefined;
}

const usualSocket = "/var/run/docker.sock";

/** @throws Error when the host does not tell the socket's group */
export async function readSocket(dockerHost: DockerHost): Promise<EngineSocket> {
  const parsed = parseDockerHost(dockerHost);
  const socketPath = parsed.kind === "unix" ? parsed.socketPath : usualSocket;
  if (parsed.kind === "tcp") return { socketPath, socketGroup: undefined };
  const command = ["stat", "-Lc", "%g", socketPath];
  const { exitCode, stdout, stderr } = await openHost(dockerHost).run(command);
  if (exitCode !== 0)
    throw new Error(`the group of ${socketPath} cannot be read: ${stderr.trim()}`);
  return { socketPath, socketGroup: Number(stdout.trim()) };
}
