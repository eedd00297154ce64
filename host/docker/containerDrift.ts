import type Docker from "dockerode";

/** What a container is to be like as long as it runs. */
export interface WantedContainer {
  /** Limit of its memory in MiB; swap on top of it is not allowed. */
  readonly memoryMb: number;
  /** Limit of processor time in cores. */
  readonly cpus: number;
  /** Limit of processes and threads. */
  readonly pids: number;
  /** Network that it is on. */
  readonly network: string;
  /** Name that it answers to on that network. */
  readonly alias: string;
}

/** Limits that the host's kernel knows; the engine leaves others out without an error. */
export interface KernelLimits {
  /** False for a rootless engine without delegated cgroups: it limits nothing, and refuses to change limits. */
  readonly any: boolean;
  readonly swap: boolean;
  readonly pids: boolean;
}

/** What the engine says about the limits that it can set. */
export async function readKernelLimits(docker: Docker): Promise<KernelLimits> {
  const info = (await docker.info()) as Readonly<Record<string, unknown>>;
  return {
    any: info["CgroupDriver"] !== "none",
    swap: info["SwapLimit"] === true,
    pids: info["PidsLimit"] === true,
  };
}

/** One way in which a container differs from what is wanted. */
export interface Drift {
  readonly kind: "stopped" | "paused" | "network" | "limits";
  /** For the user, without the container's name: `is paused`. */
  readonly words: string;
}

const mebibyte = 1024 * 1024;

/**
 * How a container differs from what is wanted, as far as that can be repaired without a new container. What else the
 * Docker provider does not read back (environment, labels) is fixed for the life of a container.
 */
export function findContainerDrift(
  info: Docker.ContainerInspectInfo,
  wanted: WantedContainer,
  kernel: KernelLimits,
): Drift[] {
  return [
    ...findStateDrift(info),
    ...findNetworkDrift(info, wanted),
    ...findLimitDrift(info, wanted, kernel),
  ];
}

/** The limits in the words of the Docker API. */
export function buildLimits({ memoryMb, cpus, pids }: WantedContainer) {
  return {
    Memory: memoryMb * mebibyte,
    // Equal to `Memory`: no swap on top of it. Both at once, as the engine refuses a memory limit above this one.
    MemorySwap: memoryMb * mebibyte,
    NanoCpus: Math.round(cpus * 1e9),
    PidsLimit: pids,
  };
}

function findStateDrift({ State: state }: Docker.ContainerInspectInfo): Drift[] {
  if (state.Paused) return [{ kind: "paused", words: "is paused" }];
  // One that was made and never started is stopped as well; one that is between two restarts is not.
  if (state.Running || state.Restarting) return [];
  return [{ kind: "stopped", words: `is stopped (exit code ${state.ExitCode})` }];
}

function findNetworkDrift(
  { NetworkSettings: { Networks: networks } }: Docker.ContainerInspectInfo,
  { network, alias }: WantedContainer,
): Drift[] {
  const endpoint = networks[network];
  if (endpoint === undefined) {
    return [{ kind: "network", words: `is not on the network ${network}` }];
  }
  const aliases = (endpoint.Aliases ?? []) as readonly string[];
  if (aliases.includes(alias)) return [];
  return [{ kind: "network", words: `does not answer to ${alias} on the network ${network}` }];
}

function findLimitDrift(
  { HostConfig: host }: Docker.ContainerInspectInfo,
  wanted: WantedContainer,
  kernel: KernelLimits,
): Drift[] {
  if (!kernel.any) return [];
  const limits = buildLimits(wanted);
  const words: string[] = [];
  if (host.Memory !== limits.Memory) {
    words.push(`memory ${renderMebibytes(host.Memory)} instead of ${wanted.memoryMb} MiB`);
  } else if (kernel.swap && host.MemorySwap !== limits.MemorySwap) {
    words.push(
      `memory and swap ${renderMebibytes(host.MemorySwap)} instead of ${wanted.memoryMb} MiB`,
    );
  }
  if (host.NanoCpus !== limits.NanoCpus) {
    words.push(
      `cpus ${host.NanoCpus ? host.NanoCpus / 1e9 : "unlimited"} instead of ${wanted.cpus}`,
    );
  }
  const pids = Math.max(0, host.PidsLimit ?? 0);
  if (kernel.pids && pids !== wanted.pids) {
    words.push(`processes ${pids || "unlimited"} instead of ${wanted.pids}`);
  }
  return words.length === 0
    ? []
    : [{ kind: "limits", words: `has other limits: ${words.join(", ")}` }];
}

function renderMebibytes(bytes: number | undefined): string {
  return bytes === undefined || bytes <= 0 ? "unlimited" : `${Math.round(bytes / mebibyte)} MiB`;
}
