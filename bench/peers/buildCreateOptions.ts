import type Docker from "dockerode";
import type { PlannedContainer } from "../stackPlan";
import type { HostFolders } from "./hostFolders";

const mebibyte = 1024 * 1024;
const nanosecondsPerSecond = 1e9;

/** A container in the words of the Docker API. */
export function buildCreateOptions(
  container: PlannedContainer,
  prefix: string,
  hostFolders: HostFolders,
): Docker.ContainerCreateOptions {
  const { capabilities, healthCheck, memoryMb, ports } = container;
  const nanoseconds = (seconds: number) => seconds * nanosecondsPerSecond;
  return {
    name: `${prefix}-${container.name}`,
    Hostname: container.name,
    Image: container.image,
    User: container.user,
    ...(container.command.length > 0 && { Cmd: [...container.command] }),
    Env: Object.entries(container.environment).map(([name, value]) => `${name}=${value}`),
    Labels: { ...container.labels },
    StopTimeout: container.stopGraceSeconds,
    ExposedPorts: Object.fromEntries(ports.map(({ internal }) => [`${internal}/tcp`, {}])),
    ...(healthCheck && {
      Healthcheck: {
        Test: ["CMD", ...healthCheck.command],
        Interval: nanoseconds(healthCheck.intervalSeconds),
        Timeout: nanoseconds(healthCheck.timeoutSeconds),
        Retries: healthCheck.retries,
        StartPeriod: nanoseconds(healthCheck.startPeriodSeconds),
      },
    }),
    HostConfig: {
      RestartPolicy: { Name: container.restart },
      ReadonlyRootfs: container.readOnly,
      CapAdd: [...capabilities.adds],
      CapDrop: [...capabilities.drops],
      SecurityOpt: [...container.securityOptions],
      Memory: memoryMb * mebibyte,
      MemorySwap: memoryMb * mebibyte,
      NanoCpus: Math.round(container.cpus * 1e9),
      PidsLimit: container.pids,
      Tmpfs: { ...container.tmpfs },
      LogConfig: { Type: container.logDriver, Config: { ...container.logOptions } },
      NetworkMode: prefix,
      PortBindings: Object.fromEntries(
        ports.map(({ internal, external, address }) => [
          `${internal}/tcp`,
          [{ HostIp: address, HostPort: String(external) }],
        ]),
      ),
      ExtraHosts: container.hosts.map(({ host, ip }) => `${host}:${ip}`),
      Mounts: container.mounts.map(({ source, target, readOnly }): Docker.MountSettings => {
        const folder = hostFolders[source];
        return {
          Type: folder === undefined ? "volume" : "bind",
          Source: folder ?? `${prefix}-${source}`,
          Target: target,
          ReadOnly: readOnly,
        };
      }),
    },
    NetworkingConfig: { EndpointsConfig: { [prefix]: { Aliases: [...container.aliases] } } },
  };
}
