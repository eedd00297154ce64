import { stringify } from "yaml";
import type { PlannedContainer, StackPlan } from "../stackPlan";
import { buildHealthCheck, buildMounts } from "./sharedWords";
import type { HostFolders } from "./hostFolders";

/**
 * A stack as `compose.yaml`. Replicas that differ in their number only are one service, as people write it; their host
 * names are Docker's own then.
 *
 * @param hostFolders where each folder of `plan.folders` lies on the host
 */
export function renderCompose(plan: StackPlan, prefix: string, hostFolders: HostFolders): string {
  const services = groupReplicas(plan.containers).map(([first, count]) => {
    return [
      isReplica(first) ? first.app : first.name,
      { ...buildService(first, hostFolders), ...naming(first, count, prefix) },
    ];
  });
  return stringify({
    name: prefix,
    services: Object.fromEntries(services) as Record<string, unknown>,
    networks: { default: { name: prefix, driver: "bridge" } },
    volumes: Object.fromEntries(plan.volumes.map((volume) => [volume, nameVolume(prefix, volume)])),
  });
}

/** The containers of an app, as its first one and how many there are. */
export function groupReplicas(
  containers: readonly PlannedContainer[],
): [first: PlannedContainer, count: number][] {
  const groups = new Map<string, PlannedContainer[]>();
  for (const container of containers) {
    groups.set(container.app, [...(groups.get(container.app) ?? []), container]);
  }
  return [...groups.values()].flatMap((group): [PlannedContainer, number][] => {
    const [first] = group;
    return first !== undefined && isReplica(first)
      ? [[first, group.length]]
      : group.map((one) => [one, 1]);
  });
}

/** Whether a container is one of a service's, also when it is the only one yet: another name would recreate it. */
function isReplica({ name, app, ports }: PlannedContainer): boolean {
  // A published port is of one container only.
  return name !== app && ports.length === 0;
}

function nameVolume(prefix: string, volume: string) {
  return { name: `${prefix}-${volume}` };
}

function naming(first: PlannedContainer, count: number, prefix: string) {
  return isReplica(first)
    ? { deploy: { replicas: count } }
    : { container_name: `${prefix}-${first.name}`, hostname: first.name };
}

function buildService(container: PlannedContainer, hostFolders: HostFolders) {
  const { capabilities, memoryMb } = container;
  return {
    image: container.image,
    pull_policy: "never",
    user: container.user,
    ...(container.command.length > 0 && { command: container.command.map(escapeDollar) }),
    environment: mapValues(container.environment, escapeDollar),
    labels: container.labels,
    restart: container.restart,
    stop_grace_period: `${container.stopGraceSeconds}s`,
    read_only: container.readOnly,
    cap_add: capabilities.adds,
    cap_drop: capabilities.drops,
    security_opt: container.securityOptions,
    mem_limit: `${memoryMb}m`,
    memswap_limit: `${memoryMb}m`,
    cpus: container.cpus,
    pids_limit: container.pids,
    tmpfs: Object.entries(container.tmpfs).map(([path, options]) => `${path}:${options}`),
    logging: { driver: container.logDriver, options: container.logOptions },
    networks: { default: { aliases: container.aliases } },
    ports: container.ports.map(({ internal, external, address }) => ({
      target: internal,
      published: String(external),
      host_ip: address,
      protocol: "tcp",
    })),
    extra_hosts: container.hosts.map(({ host, ip }) => `${host}:${ip}`),
    volumes: buildMounts(container.mounts, hostFolders, (volume) => volume),
    ...buildHealthCheck(container.healthCheck),
  };
}

/** Compose replaces variables in every text, unless the dollar sign is doubled. */
function escapeDollar(text: string): string {
  return text.replaceAll("$", "$$$$");
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
