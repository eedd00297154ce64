import { renderCpus, renderGoDuration } from "../../config/providerSpelling";
import type { PlannedContainer, StackPlan } from "../stackPlan";
import { buildMounts } from "./sharedWords";
import type { HostFolders } from "./hostFolders";

/** The version under which the provider lies in the mirror; its own source carries none. */
export const terraformProvider = { source: "kreuzwerker/docker", version: "4.0.0" } as const;

/** Which containers are waited for, and how long. */
export interface TerraformWait {
  readonly healthChecked: readonly string[];
  readonly seconds: number;
}

/**
 * A stack as `main.tf.json`. The provider has no limit of processes: that one setting is missing.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function buildTerraform(
  plan: StackPlan,
  prefix: string,
  hostFolders: HostFolders,
  wait: TerraformWait,
): object {
  const images = [...new Set(plan.containers.map(({ image }) => image))];
  return {
    terraform: { required_providers: { docker: terraformProvider } },
    provider: { docker: {} },
    resource: {
      docker_network: { network: { name: prefix, driver: "bridge" } },
      ...(plan.volumes.length > 0 && {
        docker_volume: Object.fromEntries(
          plan.volumes.map((volume) => [volume, { name: `${prefix}-${volume}` }]),
        ),
      }),
      docker_image: Object.fromEntries(
        images.map((name) => [imageKey(name), { name, keep_locally: true }]),
      ),
      docker_container: Object.fromEntries(
        plan.containers.map((container) => [
          container.name,
          {
            ...buildContainer(container, hostFolders),
            // It looks at health only, and times out on a container without a health check.
            ...(wait.healthChecked.includes(container.name) && {
              wait: true,
              wait_timeout: wait.seconds,
            }),
            name: `${prefix}-${container.name}`,
            image: `\${docker_image.${imageKey(container.image)}.image_id}`,
          },
        ]),
      ),
    },
  };
}

/** By the image and not by its position: Terraform recreates a resource whose address stands for something else. */
function imageKey(reference: string): string {
  return `image_${reference.replaceAll(/[^\w-]/g, "_")}`;
}

function buildContainer(container: PlannedContainer, hostFolders: HostFolders) {
  const { capabilities, healthCheck, memoryMb } = container;
  return {
    hostname: container.name,
    user: container.user,
    ...(container.command.length > 0 && { command: container.command.map(escapeTemplate) }),
    env: Object.entries(container.environment).map(([name, value]) =>
      escapeTemplate(`${name}=${value}`),
    ),
    labels: Object.entries(container.labels).map(([label, value]) => ({ label, value })),
    restart: container.restart,
    destroy_grace_seconds: container.stopGraceSeconds,
    read_only: container.readOnly,
    capabilities: { add: capabilities.adds, drop: capabilities.drops },
    security_opts: container.securityOptions,
    memory: memoryMb,
    memory_swap: memoryMb,
    cpus: renderCpus(container.cpus),
    tmpfs: container.tmpfs,
    network_mode: "bridge",
    log_driver: container.logDriver,
    log_opts: container.logOptions,
    networks_advanced: {
      name: "${docker_network.network.name}",
      aliases: container.aliases,
    },
    ports: container.ports.map(({ internal, external, address }) => ({
      internal,
      external,
      ip: address,
    })),
    mounts: buildMounts(
      container.mounts,
      hostFolders,
      (volume) => `\${docker_volume.${volume}.name}`,
    ),
    host: container.hosts.map(({ host, ip }) => ({ host, ip })),
    ...(healthCheck && {
      healthcheck: {
        test: ["CMD", ...healthCheck.command],
        interval: renderGoDuration(healthCheck.intervalSeconds),
        timeout: renderGoDuration(healthCheck.timeoutSeconds),
        retries: healthCheck.retries,
        start_period: renderGoDuration(healthCheck.startPeriodSeconds),
      },
    }),
  };
}

function escapeTemplate(text: string): string {
  // A dollar sign stands for itself in the replacement only when it is doubled.
  return text.replaceAll("${", "$$$${").replaceAll("%{", "%%{");
}
