export type Network = "internet" | "registries";

export interface NetworkChoice {
  readonly network: Network;
  /** Why, for the user. */
  readonly reason: string;
}

const probeTimeoutMilliseconds = 8_000;
/** What the internet route needs first; both answer without a log-in. */
const probes = {
  "Pulumi's downloads": "https://get.pulumi.com/install.sh",
  "Docker Hub": "https://hub.docker.com/v2/",
};

/**
 * Finds out whether official downloads are within reach, or package registries only.
 *
 * @param forced the user's own choice, by `--network`
 */
export async function detectNetwork(forced: Network | undefined): Promise<NetworkChoice> {
  if (forced) return { network: forced, reason: "asked for by --network" };
  const unreachable = (
    await Promise.all(
      Object.entries(probes).map(async ([name, url]) => ((await answers(url)) ? [] : [name])),
    )
  ).flat();
  if (unreachable.length === 0) {
    return { network: "internet", reason: "Pulumi's downloads and Docker Hub answer" };
  }
  return { network: "registries", reason: `${unreachable.join(" and ")} cannot be reached` };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: "HEAD",
      signal: AbortSignal.timeout(probeTimeoutMilliseconds),
    });
    // A refusal by a company proxy is an answer too, but not the one that is needed; Docker Hub's own may be a 404.
    return response.status < 500 && response.status !== 403 && response.status !== 407;
  } catch {
    return false;
  }
}
