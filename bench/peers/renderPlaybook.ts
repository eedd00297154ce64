import { stringify } from "yaml";
import type { PlannedContainer, StackPlan } from "../stackPlan";
import { buildHealthCheck, buildMounts } from "./sharedWords";
import type { HostFolders } from "./hostFolders";

export interface PlaybookOptions {
  readonly prefix: string;
  readonly hostFolders: HostFolders;
  /** Containers with a health check, by name; these are waited for. */
  readonly healthy: readonly string[];
  readonly waitSeconds: number;
  /** Containers that were deployed before and are not in the plan. */
  readonly gone: readonly string[];
}

/** A stack as a playbook: everything is started first and then waited for, so that containers start side by side. */
export function renderPlaybook(
  plan: StackPlan,
  { prefix, hostFolders, healthy, waitSeconds, gone }: PlaybookOptions,
): string {
  return renderPlay([
    { name: "network", "community.docker.docker_network": { name: prefix, driver: "bridge" } },
    ...plan.volumes.map((volume) => ({
      name: volume,
      "community.docker.docker_volume": { name: `${prefix}-${volume}` },
    })),
    ...gone.map((name) => removeContainer(`${prefix}-${name}`)),
    ...plan.containers.map((container) => ({
      name: container.name,
      "community.docker.docker_container": buildContainer(container, prefix, hostFolders),
    })),
    ...healthy.map((name) => ({
      name: `${name} is healthy`,
      "community.docker.docker_container": {
        name: `${prefix}-${name}`,
        state: "healthy",
        healthy_wait_timeout: waitSeconds,
        comparisons: { "*": "ignore" },
      },
    })),
  ]);
}

/** A playbook that removes a stack. */
export function renderRemoval(plan: StackPlan, prefix: string): string {
  return renderPlay([
    ...plan.containers.map(({ name }) => removeContainer(`${prefix}-${name}`)),
    ...plan.volumes.map((volume) => ({
      name: volume,
      "community.docker.docker_volume": { name: `${prefix}-${volume}`, state: "absent" },
    })),
    { name: "network", "community.docker.docker_network": { name: prefix, state: "absent" } },
  ]);
}

function renderPlay(tasks: readonly object[]): string {
  return stringify(
    [{ hosts: "localhost", connection: "local", gather_facts: false, tasks }],
    // Ansible reads YAML 1.1.
    { version: "1.1", aliasDuplicateObjects: false },
  );
}

function removeContainer(name: string) {
  return {
    name: `${name} is gone`,
    "community.docker.docker_container": { name, state: "absent", keep_volumes: true },
  };
}

function buildContainer(container: PlannedContainer, prefix: string, hostFolders: HostFolders) {
  const { capabilities, memoryMb } = container;
  return {
    name: `${prefix}-${container.name}`,
    state: "started",
    hostname: container.name,
    image: container.image,
    pull: "never",
    user: container.user,
    ...(container.command.length > 0 && { command: container.command }),
    env: container.environment,
    labels: container.labels,
    restart_policy: container.restart,
    stop_timeout: container.stopGraceSeconds,
    read_only: container.readOnly,
    capabilities: capabilities.adds,
    cap_drop: capabilities.drops,
    security_opts: container.securityOptions,
    memory: `${memoryMb}M`,
    memory_swap: `${memoryMb}M`,
    cpus: container.cpus,
    pids_limit: container.pids,
    tmpfs: Object.entries(container.tmpfs).map(([path, options]) => `${path}:${options}`),
    log_driver: container.logDriver,
    log_options: container.logOptions,
    networks: [{ name: prefix, aliases: container.aliases }],
    ...(container.ports.length > 0 && {
      published_ports: container.ports.map(
        ({ internal, external, address }) => `${address}:${external}:${internal}`,
      ),
    }),
    etc_hosts: Object.fromEntries(container.hosts.map(({ host, ip }) => [host, ip])),
    mounts: buildMounts(container.mounts, hostFolders, (volume) => `${prefix}-${volume}`),
    ...buildHealthCheck(container.healthCheck),
  };
}
