import type { KernelLimits } from "../../../host/docker/containerDrift";
import type { Commands } from "../commands";
import type { ContainerNow, ImageNow } from "../facts";
import { type Finding, weights } from "../report";
import type { ContainerInputs, DeployedContainer } from "../stackState";
import { findLabelDifferences, findVariableDifferences } from "./namedValues";

const mebibyte = 1024 * 1024;

/** A limit that the engine changes while a container runs. */
interface Limit {
  readonly name: string;
  readonly wanted: string;
  readonly is: string;
  /** Options of `docker update` that put it back. */
  readonly options: string;
}

/** Compares a container's limits with the deployed ones, as far as the kernel knows them. */
export function checkLimits(
  { resource, inputs, pids }: DeployedContainer,
  { HostConfig: host }: ContainerNow,
  kernel: KernelLimits,
  { docker, repair }: Commands,
): Finding[] {
  const limits = [
    ...(kernel.any ? findMemoryLimit(inputs, host, kernel) : []),
    ...(kernel.any ? findOtherLimits(inputs, kernel.pids ? pids : undefined, host) : []),
    ...findRestartPolicy(inputs, host),
  ];
  if (limits.length === 0) return [];
  const words = limits.map(({ name, wanted, is }) => `${name} ${is} instead of ${wanted}`);
  const options = limits.map((limit) => limit.options).join(" ");
  return [
    {
      subject: resource,
      problem: `has ${words.join(", ")}`,
      // Without cgroups the engine may refuse every update.
      fix: kernel.any
        ? `${docker} update ${options} ${inputs.name}`
        : `${docker} rm --force ${inputs.name} && ${repair}`,
      weight: weights.drift,
    },
  ];
}

/**
 * Compares with a container what was asked of the Docker provider for it: all of it, because the provider does not
 * read everything back (environment, labels), and some changes never reach the engine.
 *
 * @param image what the image hands over; undefined when it is gone
 */
export function checkFixedSettings(
  { resource, inputs }: DeployedContainer,
  now: ContainerNow,
  image: ImageNow | undefined,
  { docker, repair }: Commands,
): Finding[] {
  const differences = findDifferences(inputs, now, image);
  if (differences.length === 0) return [];
  return [
    {
      subject: resource,
      problem: `differs from what was deployed: ${differences.join(", ")}`,
      fix: `${docker} rm --force ${inputs.name} && ${repair}`,
      weight: weights.drift,
    },
  ];
}

/**
 * How a container differs in what only a new container can change, in words without values.
 *
 * @param image what the image hands over; undefined when it is gone
 */
export function findDifferences(
  inputs: ContainerInputs,
  now: ContainerNow,
  image: ImageNow | undefined,
): string[] {
  return [
    ...findFixedDifferences(inputs, now),
    ...findVariableDifferences(inputs.envs, now.Config.Env ?? [], image?.env),
    ...findLabelDifferences(inputs.labels, now.Config.Labels ?? {}, image?.labels),
  ];
}

function findMemoryLimit(
  { memory, memorySwap }: ContainerInputs,
  host: ContainerNow["HostConfig"],
  kernel: KernelLimits,
): Limit[] {
  if (memory === undefined) return [];
  const withSwap = memorySwap ?? memory;
  // Both at once: the engine refuses a memory limit above the one that includes swap.
  const options = `--memory ${memory}m --memory-swap ${withSwap}m`;
  if (host.Memory !== memory * mebibyte) {
    const is = renderBytes(host.Memory);
    return [{ name: "a memory limit of", wanted: `${memory} MiB`, is, options }];
  }
  if (!kernel.swap || memorySwap === undefined || host.MemorySwap === memorySwap * mebibyte) {
    return [];
  }
  const is = renderBytes(host.MemorySwap);
  return [{ name: "a limit of memory and swap of", wanted: `${withSwap} MiB`, is, options }];
}

function findOtherLimits(
  { cpus }: ContainerInputs,
  pids: number | undefined,
  host: ContainerNow["HostConfig"],
): Limit[] {
  const limits: Limit[] = [];
  const nanoCpus = cpus === undefined ? undefined : Math.round(Number(cpus) * 1e9);
  if (nanoCpus !== undefined && host.NanoCpus !== nanoCpus) {
    limits.push({
      name: "a CPU limit of",
      wanted: `${Number(cpus)}`,
      is: host.NanoCpus === 0 ? "none" : `${host.NanoCpus / 1e9}`,
      options: `--cpus ${Number(cpus)}`,
    });
  }
  const pidsNow = host.PidsLimit ?? 0;
  if (pids !== undefined && pidsNow !== pids) {
    limits.push({
      name: "a process limit of",
      wanted: `${pids}`,
      is: pidsNow <= 0 ? "none" : `${pidsNow}`,
      options: `--pids-limit ${pids}`,
    });
  }
  return limits;
}

function findRestartPolicy(
  { restart }: ContainerInputs,
  host: ContainerNow["HostConfig"],
): Limit[] {
  const is = host.RestartPolicy.Name || "no";
  if (restart === undefined || is === restart) return [];
  return [{ name: "the restart policy", wanted: restart, is, options: `--restart ${restart}` }];
}

function findFixedDifferences(
  inputs: ContainerInputs,
  { Image, Config: config, HostConfig: host }: ContainerNow,
): string[] {
  const wantsImageId = inputs.image.startsWith("sha256:");
  const aspects: readonly (readonly [string, unknown, unknown])[] = [
    ["image", wantsImageId ? inputs.image : undefined, Image],
    ["host name", inputs.hostname, config.Hostname],
    ["user", inputs.user, config.User],
    ["command", inputs.command, config.Cmd ?? []],
    ["health check", inputs.healthcheck?.tests, config.Healthcheck?.Test ?? []],
    ["read-only root", inputs.readOnly, host.ReadonlyRootfs],
    ["privileged", inputs.privileged ?? false, host.Privileged],
    ["added capabilities", spell(inputs.capabilities?.adds), spell(host.CapAdd)],
    ["dropped capabilities", spell(inputs.capabilities?.drops), spell(host.CapDrop)],
    ["security options", sorted(inputs.securityOpts), sorted(host.SecurityOpt)],
    ["published ports", renderPorts(inputs), renderBindings(host)],
    ["mounts", renderMounts(inputs.mounts), renderMountsNow(host.Mounts)],
    ["writable folders", entriesOf(inputs.tmpfs), entriesOf(host.Tmpfs)],
    ["extra hosts", sorted(inputs.hosts?.map(renderHost)), sorted(host.ExtraHosts)],
    ["log driver", inputs.logDriver, host.LogConfig.Type],
    ["log options", inputs.logOpts && entriesOf(inputs.logOpts), entriesOf(host.LogConfig.Config)],
  ];
  return aspects
    .filter(
      ([, wanted, found]) =>
        wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(found),
    )
    .map(([name]) => name);
}

function spell(capabilities: readonly string[] | null | undefined): string[] {
  return sorted(capabilities?.map((name) => name.toUpperCase().replace(/^CAP_/, "")));
}

function sorted(texts: readonly string[] | null | undefined): string[] {
  return [...(texts ?? [])].sort();
}

function entriesOf(record: Readonly<Record<string, string>> | null | undefined): string[] {
  return sorted(Object.entries(record ?? {}).map(([key, value]) => `${key}=${value}`));
}

function renderPorts({ ports }: ContainerInputs): string[] {
  return sorted(
    ports?.map(
      ({ internal, external, ip, protocol }) =>
        `${ip ?? ""}:${external ?? ""}->${internal}/${protocol ?? "tcp"}`,
    ),
  );
}

function renderBindings({ PortBindings }: ContainerNow["HostConfig"]): string[] {
  return sorted(
    Object.entries(PortBindings ?? {}).flatMap(([port, bindings]) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}->${port}`),
    ),
  );
}

function renderMounts(mounts: ContainerInputs["mounts"]): string[] {
  return sorted(
    mounts?.map(({ type, source, target, readOnly }) =>
      [type, source ?? "", target, readOnly ?? false].join(" "),
    ),
  );
}

function renderMountsNow(mounts: ContainerNow["HostConfig"]["Mounts"]): string[] {
  return sorted(
    mounts?.map(({ Type, Source, Target, ReadOnly }) =>
      [Type, Source ?? "", Target, ReadOnly ?? false].join(" "),
    ),
  );
}

function renderHost({ host, ip }: { readonly host: string; readonly ip: string }): string {
  return `${host}:${ip}`;
}

function renderBytes(bytes: number): string {
  if (bytes === 0) return "none";
  return bytes < 0 ? "unlimited" : `${Math.round(bytes / mebibyte)} MiB`;
}
