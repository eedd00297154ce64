import type { PlannedContainer } from "../stackPlan";
import type { HostFolders } from "./hostFolders";

/** Mounts, in words that compose, Terraform and Ansible share. @param nameVolume a volume's name, as the tool refers to it */
export function buildMounts(
  mounts: PlannedContainer["mounts"],
  hostFolders: HostFolders,
  nameVolume: (volume: string) => string,
) {
  return mounts.map(({ source, target, readOnly }) => ({
    ...(source in hostFolders
      ? { type: "bind", source: hostFolders[source] }
      : { type: "volume", source: nameVolume(source) }),
    target,
    read_only: readOnly,
  }));
}

/** A health check, in words that compose and Ansible share; nothing where there is none. */
export function buildHealthCheck(healthCheck: PlannedContainer["healthCheck"]) {
  if (healthCheck === undefined) return {};
  return {
    healthcheck: {
      test: ["CMD", ...healthCheck.command],
      interval: `${healthCheck.intervalSeconds}s`,
      timeout: `${healthCheck.timeoutSeconds}s`,
      retries: healthCheck.retries,
      start_period: `${healthCheck.startPeriodSeconds}s`,
    },
  };
}
