import { type DockerHost, isRemote, localDockerHost } from "../host/access/dockerHost";
import type { Deployed } from "./openDeployed";
import { fetchServer, wgetInside } from "./askServer";

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

/**
 * One GET to a stack's Prometheus.
 *
 * @throws SetupError when it does not answer, or refuses
 */
export async function askPrometheus(place: PrometheusPlace, path: string): Promise<string> {
  const { url, dockerHost = localDockerHost, container = "" } = place;
  if (!isRemote(dockerHost)) return fetchServer("Prometheus", url, path);
  // The port inside the container, whatever it is published as.
  return wgetInside({ dockerHost, container }, "-O", "-", `http://127.0.0.1:9090${path}`);
}
