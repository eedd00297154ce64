import { labels } from "../host/labels";
import type Docker from "dockerode";

export interface StackPart {
  readonly id: string;
  readonly name: string;
}

export interface StackParts {
  /** Without those of services, which the Swarm would start again. */
  readonly containers: StackPart[];
  readonly services: StackPart[];
  readonly networks: StackPart[];
}

/** What carries a stack's labels on an engine and holds no data, sorted by name. */
export async function listStackParts(docker: Docker, stack: string): Promise<StackParts> {
  const filters = { label: [`${labels.project}=glasshouse`, `${labels.stack}=${stack}`] };
  const [containers, services, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    listServices(docker, filters),
    docker.listNetworks({ filters }),
  ]);
  return {
    containers: sortByName(
      containers
        .filter(({ Labels }) => !(serviceLabel in Labels))
        .map(({ Id, Names: [name = ""] }) => ({ id: Id, name: name.slice(1) })),
    ),
    services: sortByName(services.map(({ ID, Spec }) => ({ id: ID, name: Spec?.Name ?? ID }))),
    networks: sortByName(networks.map(({ Id, Name }) => ({ id: Id, name: Name }))),
  };
}

/** What the Swarm writes onto its containers. */
const serviceLabel = "com.docker.swarm.service.id";
const notInSwarm = 503;

async function listServices(
  docker: Docker,
  filters: { label: string[] },
): Promise<Docker.Service[]> {
  try {
    return await docker.listServices({ filters });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === notInSwarm) return [];
    throw error;
  }
}

function sortByName(parts: StackPart[]): StackPart[] {
  return parts.sort((a, b) => a.name.localeCompare(b.name));
}
