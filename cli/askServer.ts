import type { DockerHost } from "../host/access/dockerHost";
import { connectDocker } from "../host/docker/connectDocker";
import { execToEnd } from "../host/docker/execToEnd";
import { SetupError } from "./setupError";

const timeoutSeconds = 5;

/**
 * One request to a server of a stack, as its own host sees it.
 *
 * @param title the server as its project spells it
 * @throws SetupError when it does not answer, with why as its cause, or refuses
 */
export async function fetchServer(
  title: string,
  url: string,
  path: string,
  options: RequestInit = {},
): Promise<string> {
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  const response = await fetch(`${url}${path}`, { ...options, signal }).catch((error: unknown) => {
    // `fetch` says only "fetch failed"; why is in the cause.
    const { cause, message } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new SetupError(
      `${title} does not answer at ${url}: ${why}. \`npm run doctor\` says more.`,
      { cause: cause ?? error },
    );
  });
  const text = await response.text();
  if (response.ok) return text;
  throw new SetupError(`${title} refuses (${response.status}): ${text.trim()}`);
}

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
