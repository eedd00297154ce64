import type { DockerHost } from "../access/dockerHost";
import { fetchFromEngine } from "./engineRequest";

export interface ListedMount {
  readonly Type: string;
  /** Of a volume. */
  readonly Name?: string;
  readonly Destination: string;
}

/** What is asked of an entry of Docker's list of containers. */
export interface ListedContainer {
  readonly Names: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  /** None of a container that does not run. */
  readonly Ports: readonly { readonly IP?: string; readonly PublicPort?: number }[];
  readonly Mounts?: readonly ListedMount[];
}

/** All containers of a Docker Engine, running or not. */
export async function listContainers(dockerHost: DockerHost): Promise<ListedContainer[]> {
  const { text } = await fetchFromEngine(dockerHost, "/containers/json?all=true", 10);
  return JSON.parse(text) as ListedContainer[];
}
