import { images } from "../../config/images";
import { type DockerHost, localDockerHost } from "../../host/access/dockerHost";
import { fetchFromEngine } from "../../host/docker/engineRequest";

export type Network = "internet" | "registries";

export interface NetworkChoice {
  readonly network: Network;
  /** Why, for the user. */
  readonly reason: string;
}

/** Something that a network has to reach to count as the internet. */
export interface NetworkProbe {
  /** What is asked, for the user. */
  readonly name: string;
  readonly isReached: (timeoutSeconds: number) => Promise<boolean>;
}

/** What the internet route needs first. */
export function listOfficialProbes(dockerHost: DockerHost): readonly NetworkProbe[] {
  return [
    probeDownload("Pulumi's downloads", "https://get.pulumi.com/install.sh"),
    probeImage("Official images", images.prometheus, dockerHost),
  ];
}

const probeTimeoutSeconds = 8;

/**
 * Finds out whether official downloads are within reach, or package registries only. It needs a running engine.
 *
 * @param forced the user's own choice, by `--network`
 * @param timeoutSeconds how long each probe may take until it counts as out of reach
 */
export async function detectNetwork(
  forced: Network | undefined,
  probes = listOfficialProbes(localDockerHost),
  timeoutSeconds = probeTimeoutSeconds,
): Promise<NetworkChoice> {
  if (forced) return { network: forced, reason: "asked for by --network" };
  const answers = await Promise.all(probes.map(({ isReached }) => isReached(timeoutSeconds)));
  const unreachable = probes.filter((_, index) => !answers[index]);
  const names = (list: readonly NetworkProbe[]) => list.map(({ name }) => name).join(" and ");
  return unreachable.length === 0
    ? { network: "internet", reason: `${names(probes)} can be reached` }
    : { network: "registries", reason: `${names(unreachable)} cannot be reached` };
}

/** A download counts as reached if a file comes, and not the web page of a company proxy or of a hotel's log-in. */
export function probeDownload(name: string, url: string): NetworkProbe {
  const isReached = async (timeoutSeconds: number) => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutSeconds * 1000) });
      await response.body?.cancel();
      return response.ok && !response.headers.get("content-type")?.startsWith("text/html");
    } catch {
      return false;
    }
  };
  return { name, isReached };
}

/**
 * Asks the engine whether it could pull an image: it is the one that will, through its own mirrors and proxies.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Distribution
 */
export function probeImage(
  name: string,
  reference: string,
  dockerHost = localDockerHost,
): NetworkProbe {
  const path = `/distribution/${reference}/json`;
  const isReached = async (timeoutSeconds: number) => {
    try {
      return (await fetchFromEngine(dockerHost, path, timeoutSeconds)).status === 200;
    } catch {
      return false;
    }
  };
  return { name, isReached };
}
