import { connectDocker } from "../host/docker/connectDocker";
import { type DockerHost, isRemote, localDockerHost } from "../host/access/dockerHost";
import { execToEnd } from "../host/docker/execToEnd";
import type { Deployed } from "./openDeployed";
import { SetupError } from "./setupError";

/** Where a stack's Prometheus is. */
export interface PrometheusPlace {
  /** As its own host sees it. */
  readonly url: string;
  /** Its engine. @default this machine's */
  readonly dockerHost?: DockerHost;
  /** Name of its container, through which it is asked on another host: its port may be open there only. */
  readonly container?: string;
}

/** Where the Prometheus of a deployed stack is. */
export function locatePrometheus({ stack, dockerHost, outputs }: Deployed): PrometheusPlace {
  return { url: outputs.prometheusUrl, dockerHost, container: `glasshouse-${stack}-prometheus` };
}

const timeoutSeconds = 5;

/** One GET to a stack's Prometheus. */
export async function askPrometheus(place: PrometheusPlace, path: string): Promise<string> {
  const { url, dockerHost = localDockerHost, container = "" } = place;
  if (!isRemote(dockerHost)) {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    return (await fetch(`${url}${path}`, { signal })).text();
  }
  const docker = await connectDocker(dockerHost);
  const command = ["wget", "-q", "-T", `${timeoutSeconds}`, "-O", "-"];
  // The port inside the container, whatever it is published as.
  const inside = `http://127.0.0.1:9090${path}`;
  const asked = await execToEnd(docker.getContainer(container), [...command, inside]);
  if (asked.exitCode === 0) return asked.output;
  throw new SetupError(`${container} does not answer: ${asked.output.trim()}`);
}
