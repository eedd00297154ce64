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
  /** Address that answers without a log-in. */
  readonly url: string;
  /** Whether the answer comes from there, and not from a company proxy or a hotel's log-in page before it. */
  readonly isGenuine: (response: Response) => boolean;
}

/** What the internet route needs first. */
export const officialProbes: readonly NetworkProbe[] = [
  {
    name: "Pulumi's downloads",
    url: "https://get.pulumi.com/install.sh",
    isGenuine: ({ ok, headers }) => ok && !headers.get("content-type")?.startsWith("text/html"),
  },
  { name: "Docker Hub", url: "https://registry-1.docker.io/v2/", isGenuine: isImageRegistry },
];

const probeTimeoutMilliseconds = 8_000;

/**
 * Finds out whether official downloads are within reach, or package registries only.
 *
 * @param forced the user's own choice, by `--network`
 * @param timeoutMilliseconds how long each probe may take until it counts as out of reach
 */
export async function detectNetwork(
  forced: Network | undefined,
  probes = officialProbes,
  timeoutMilliseconds = probeTimeoutMilliseconds,
): Promise<NetworkChoice> {
  if (forced) return { network: forced, reason: "asked for by --network" };
  const answers = await Promise.all(probes.map((probe) => isReached(probe, timeoutMilliseconds)));
  const unreachable = probes.filter((_, index) => !answers[index]);
  const names = (list: readonly NetworkProbe[]) => list.map(({ name }) => name).join(" and ");
  return unreachable.length === 0
    ? { network: "internet", reason: `${names(probes)} answer` }
    : { network: "registries", reason: `${names(unreachable)} cannot be reached` };
}

/**
 * Whether an answer to `/v2/` comes from an image registry; one that wants a log-in says 401.
 *
 * @see https://distribution.github.io/distribution/spec/api/#api-version-check
 */
export function isImageRegistry({ status, headers }: Response): boolean {
  return (
    (status === 200 || status === 401) &&
    headers.get("docker-distribution-api-version") === "registry/2.0"
  );
}

async function isReached(
  { url, isGenuine }: NetworkProbe,
  timeoutMilliseconds: number,
): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMilliseconds) });
    await response.body?.cancel();
    return isGenuine(response);
  } catch {
    return false;
  }
}
