import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { HealthCheckSettings } from "../../config/settings/appSettings";
import type { Deployment } from "./deployment";
import { buildSpellingLabel, spelledOtherwise } from "./podmanSpelling";
import { renderCpus, renderGoDuration } from "../../config/providerSpelling";

export interface SafeContainerArgs {
  readonly deployment: Deployment;
  /** Name on the host, without the deployment's prefix. */
  readonly containerName: string;
  /** Host name inside. Default: `containerName` */
  readonly hostname?: string;
  readonly imageId: pulumi.Input<string>;
  readonly networkName: pulumi.Input<string>;
  /** Name by which other containers reach it. */
  readonly alias: string;
  /** Networks beside the stack's own, and the name that it answers to there. */
  readonly moreNetworks?: readonly {
    readonly name: pulumi.Input<string>;
    readonly alias?: string;
  }[];
  readonly user?: string;
  /** Default: the image's own */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly readOnly?: boolean;
  /** Folders in memory that may be written to. */
  readonly writablePaths?: readonly string[];
  /** Folders in memory with options of their own, by path. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
  readonly memoryMb: number;
  readonly cpus: number;
  /** Ports inside the container, and where they are published on the host. */
  readonly publish?: readonly {
    readonly port: number;
    readonly hostPort: number;
    readonly hostAddress: string;
  }[];
  readonly workingDir?: string;
  readonly init?: boolean;
  readonly stopSignal?: string;
  /** Default: what `docker stop` grants as well before it kills */
  readonly stopGraceSeconds?: number;
  readonly sharedMemoryMb?: number;
  readonly ulimits?: docker.types.input.ContainerUlimit[];
  /** Default: the image's own. */
  readonly healthCheck?: HealthCheckSettings;
  /** Starts it when it was created; without one the provider does. */
  readonly starter?: pulumi.ResourceHook;
  readonly mounts?: docker.types.input.ContainerMount[];
  /** More names for the container's hosts file. */
  readonly hosts?: docker.types.input.ContainerHost[];
  readonly labels?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Docker's own. */
const defaultStopGraceSeconds = 10;

/** Kept by `RunningContainers`, which changes them while a container runs; the provider would make a new container for that. */
const changedWhileRunning = ["memory", "memorySwap", "cpus"];

/** Changes of these plan as an update in place that never reaches the engine (terraform-provider-docker issue 988). */
const silentlyIgnored = ["healthcheck", "tmpfs", "init", "mounts"];

/**
 * A container with safe defaults: no root, no capabilities, no new privileges, a read-only root file system, limits,
 * bounded logs, and a restart policy. All containers of a stack are made here.
 */
export function createSafeContainer(
  name: string,
  args: SafeContainerArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const {
    deployment,
    user = "65532:65532",
    environment = {},
    readOnly = true,
    writablePaths = [],
    capabilities = [],
    moreNetworks = [],
    publish = [],
    stopGraceSeconds = defaultStopGraceSeconds,
    labels = {},
    memoryMb,
  } = args;
  const isPodman = deployment.engineKind === "podman";
  const container: docker.ContainerArgs = {
    name: `${deployment.prefix}-${args.containerName}`,
    hostname: args.hostname ?? args.containerName,
    image: guardData(args),
    user,
    // `unless-stopped` leaves containers down that an engine finds running when it starts after a crash: it stops them
    // first, and takes that for the wish of their owner (seen with 20.10).
    restart: "always",
    // Without it the provider kills a container where `docker stop` would let it finish what it is doing.
    destroyGraceSeconds: stopGraceSeconds,
    // An anonymous volume of a container that an earlier version created may hold the only copy of a user's data.
    removeVolumes: false,
    readOnly,
    capabilities: { adds: [...capabilities], drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    // Docker's own default: apps listen on port 80 without being root.
    ...(isPodman && { sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" } }),
    memory: memoryMb,
    // Equal to `memory`: no swap on top of the limit.
    memorySwap: memoryMb,
    cpus: renderCpus(args.cpus),
    tmpfs: {
      ...Object.fromEntries(writablePaths.map((path) => [path, buildTmpfsOptions(user)])),
      ...args.tmpfs,
    },
    envs: Object.entries(environment).map(([key, value]) => pulumi.interpolate`${key}=${value}`),
    // Set although they are Docker's defaults: unset, every preview wants to replace the container
    // (pulumi-docker issue 1272, terraform-provider-docker issue 473).
    networkMode: "bridge",
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    networksAdvanced: [
      { name: args.networkName, aliases: [args.alias] },
      ...moreNetworks.map(({ name, alias }) => ({ name, ...(alias && { aliases: [alias] }) })),
    ],
    ports: publish.map(({ port, hostPort, hostAddress }) => ({
      internal: port,
      external: hostPort,
      ip: hostAddress,
      protocol: "tcp",
    })),
    // The provider would take one for stopped that it has not started itself; `RunningContainers` looks after it.
    ...(args.starter && { start: false, mustRun: false }),
    // Each only where it is not Docker's default, which the provider keeps by itself.
    ...(args.workingDir !== undefined && { workingDir: args.workingDir }),
    ...(args.init === true && { init: true }),
    ...(args.stopSignal !== undefined && { stopSignal: args.stopSignal }),
    ...(stopGraceSeconds !== defaultStopGraceSeconds && { stopTimeout: stopGraceSeconds }),
    ...(args.sharedMemoryMb !== undefined && { shmSize: args.sharedMemoryMb }),
    ...(args.ulimits && { ulimits: args.ulimits }),
    ...(args.entrypoint && { entrypoints: [...args.entrypoint] }),
    ...(args.command && { command: [...args.command] }),
    ...(args.healthCheck && { healthcheck: buildHealthCheck(args.healthCheck) }),
    ...(args.mounts && { mounts: args.mounts }),
    ...(args.hosts && { hosts: args.hosts }),
  };
  const allLabels = {
    ...deployment.labels,
    ...labels,
    ...(isPodman && buildSpellingLabel(container)),
  };
  return new docker.Container(
    name,
    {
      ...container,
      labels: Object.entries(allLabels).map(([label, value]) => ({ label, value })),
    },
    {
      ...opts,
      provider: deployment.dockerProvider,
      deleteBeforeReplace: true,
      replaceOnChanges: silentlyIgnored,
      ignoreChanges: [...changedWhileRunning, ...(isPodman ? spelledOtherwise : [])],
      hooks: {
        beforeCreate: [deployment.removeOrphan],
        afterCreate: args.starter ? [args.starter] : [],
      },
    },
  );
}

/** The image's id, as soon as it is known that no data is lost by a container of it. */
function guardData({
  deployment,
  containerName,
  imageId,
  mounts = [],
  writablePaths = [],
  tmpfs = {},
}: SafeContainerArgs): pulumi.Output<string> {
  const container = `${deployment.prefix}-${containerName}`;
  return pulumi.all([imageId, mounts]).apply(async ([image, allMounts]) => {
    const mounted = [
      ...allMounts.map(({ target }) => target),
      ...writablePaths,
      ...Object.keys(tmpfs),
    ];
    const owner = { owner: container, image, mounted, containers: [container] };
    await deployment.rejectDataLoss([owner]);
    return image;
  });
}

/** With runc before 1.1.8 such a folder is root's after a restart, unless it has an owner. */
function buildTmpfsOptions(user: string): string {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(user) ?? [];
  const owner = uid === undefined ? "" : `,uid=${uid},gid=${gid}`;
  return `size=64m,mode=1777${owner}`;
}

function buildHealthCheck(check: HealthCheckSettings): docker.types.input.ContainerHealthcheck {
  return {
    tests: ["CMD", ...check.command],
    interval: renderGoDuration(check.intervalSeconds),
    timeout: renderGoDuration(check.timeoutSeconds),
    retries: check.retries,
    startPeriod: renderGoDuration(check.startPeriodSeconds),
  };
}
