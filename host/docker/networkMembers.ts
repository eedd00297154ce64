import type Docker from "dockerode";

export interface NetworkMember {
  /** Id of the container. */
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Who is on a network now. */
export interface NetworkMembers {
  readonly containers: readonly NetworkMember[];
  /** Names of endpoints whose container is gone: the engine has lost track of them. */
  readonly orphans: readonly string[];
}

/**
 * Frees a network that has endpoints of containers which are gone: the engine counts them again when it starts
 * (`cleanupLocalEndpoints` in moby's libnetwork).
 */
export const freeOrphans =
  'a restart of the engine frees it: `sudo systemctl restart docker`; with "live-restore": true in daemon.json, and ' +
  "`sudo systemctl reload docker` before it, containers keep running";

/** @param network name or id of a network that is there */
export async function readNetworkMembers(docker: Docker, network: string): Promise<NetworkMembers> {
  const { Containers: endpoints } = (await docker.getNetwork(network).inspect()) as {
    Containers?: Readonly<Record<string, { readonly Name: string }>> | null;
  };
  const entries = Object.entries(endpoints ?? {});
  if (entries.length === 0) return { containers: [], orphans: [] };
  const listed = await docker.listContainers({ all: true });
  const labels = new Map(listed.map(({ Id, Labels }) => [Id, Labels]));
  return {
    containers: entries.flatMap(([id, { Name: name }]) => {
      const own = labels.get(id);
      return own === undefined ? [] : [{ id, name, labels: own }];
    }),
    // An endpoint without a container is listed by its own id, `ep-…`; the Swarm's own on an overlay network is `lb-…`.
    orphans: entries.flatMap(([id, { Name: name }]) =>
      labels.has(id) || id.startsWith("lb-") ? [] : [name],
    ),
  };
}
