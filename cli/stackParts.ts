import { labels } from "../host/labels";
import type Docker from "dockerode";

export interface StackPart {
  readonly id: string;
  readonly name: string;
}

/** What carries a stack's labels on an engine and holds no data, sorted by name. */
export async function listStackParts(
  docker: Docker,
  stack: string,
): Promise<{ readonly containers: StackPart[]; readonly networks: StackPart[] }> {
  const filters = { label: [`${labels.project}=glasshouse`, `${labels.stack}=${stack}`] };
  const [containers, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
  ]);
  return {
    containers: sortByName(
      containers.map(({ Id, Names: [name = ""] }) => ({ id: Id, name: name.slice(1) })),
    ),
    networks: sortByName(networks.map(({ Id, Name }) => ({ id: Id, name: Name }))),
  };
}

function sortByName(parts: StackPart[]): StackPart[] {
  return parts.sort((a, b) => a.name.localeCompare(b.name));
}
