import type { DockerHost } from "../host/access/dockerHost";
import { connectDocker } from "../host/docker/connectDocker";
import { execToEnd } from "../host/docker/execToEnd";
import { SetupError } from "./setupError";

/** Seconds that a server of a stack may take to answer. */
export const timeoutSeconds = 5;

/** A server's container, through which it is asked on another host: its port may be open there only. */
interface ContainerPlace {
  readonly dockerHost: DockerHost;
  /** Its name. */
  readonly container: string;
}

/** @throws SetupError when the command fails, or the container does not run */
export async function runInside(
  { dockerHost, container }: ContainerPlace,
  command: string[],
): Promise<string> {
  const docker = await connectDocker(dockerHost);
  const { exitCode, output } = await execToEnd(docker.getContainer(container), command);
  if (exitCode === 0) return output;
  throw new SetupError(`${container} does not answer, or refuses: ${output.trim()}`);
}

/** The body of a server's answer to one request. @param args for `wget`, the address at their end */
export function wgetInside(place: ContainerPlace, ...args: string[]): Promise<string> {
  return runInside(place, ["wget", "-q", "-T", `${timeoutSeconds}`, ...args]);
}
