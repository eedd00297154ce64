import type { SwarmServiceInputs } from "./inputs";

/** What the engine is asked for, and what it answers. @see https://docs.docker.com/reference/api/engine/#tag/Service */
export interface ServiceSpec {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly TaskTemplate: {
    readonly ContainerSpec: Readonly<Record<string, unknown>>;
    readonly Placement: { readonly Constraints: readonly string[] };
    readonly ForceUpdate?: number;
  } & Readonly<Record<string, unknown>>;
  readonly Mode:
    { readonly Replicated: { readonly Replicas: number } } | { readonly Global: object };
  readonly UpdateConfig: unknown;
  readonly RollbackConfig: unknown;
  readonly EndpointSpec: unknown;
}

/** A secret or a config of the Swarm, and where the service reads it. */
export interface StoredText {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

/** What only the engine knows. */
export interface SpecSurroundings {
  /** With a digest where a registry has it, else the id of an image that only this node has. */
  readonly image: string;
  /** The node that it has to run on; undefined for any. */
  readonly nodeId: string | undefined;
  readonly secrets: readonly StoredText[];
  readonly configs: readonly StoredText[];
}

const mebibyte = 1024 * 1024;
const nanoseconds = 1e9;

/** The service in the words of the Docker API: the same limits and rights that a container of a host gets. */
export function buildServiceSpec(
  inputs: SwarmServiceInputs,
  { image, nodeId, secrets, configs }: SpecSurroundings,
): ServiceSpec {
  const { placement, update, user } = inputs;
  const owner = readOwner(user);
  const rolling = {
    Parallelism: update.parallelism,
    Monitor: update.monitorSeconds * nanoseconds,
    MaxFailureRatio: 0,
    Order: update.order,
  };
  return {
    Name: inputs.name,
    Labels: inputs.labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Labels: { ...inputs.labels, ...inputs.containerLabels },
        Hostname: inputs.onEveryNode ? "{{.Node.Hostname}}" : `${inputs.hostname}-{{.Task.Slot}}`,
        Env: Object.entries(inputs.environment).map(([key, value]) => `${key}=${value}`),
        User: user,
        ReadOnly: inputs.readOnly,
        StopGracePeriod: inputs.stopGraceSeconds * nanoseconds,
        CapabilityDrop: ["ALL"],
        CapabilityAdd: inputs.capabilities.map((name) => `CAP_${name.replace(/^CAP_/, "")}`),
        // Engines before 25 do not know it (moby#46386).
        Privileges: { NoNewPrivileges: true },
        Mounts: [
          ...inputs.writablePaths.map((path) => ({
            Type: "tmpfs",
            Target: path,
            TmpfsOptions: { SizeBytes: 64 * mebibyte, Mode: 0o1777 },
          })),
          ...inputs.volumes.map(({ source, target, readOnly, inMemoryOf }) => ({
            Type: "volume",
            Source: source,
            Target: target,
            ReadOnly: readOnly,
            // It has its content and its owner already; the engine would give an empty one to the image's owner.
            VolumeOptions: {
              NoCopy: true,
              ...(inMemoryOf !== undefined && buildVolumeInMemory(inMemoryOf, inputs.labels)),
            },
          })),
          ...Object.entries(inputs.hostMounts ?? {}).map(([target, source]) => ({
            Type: "bind",
            Source: source,
            Target: target,
            ReadOnly: true,
          })),
        ],
        Secrets: secrets.map(({ id, name, path }) => ({
          SecretID: id,
          SecretName: name,
          File: { Name: path, ...owner, Mode: owner.UID === "0" ? 0o444 : 0o400 },
        })),
        Configs: configs.map(({ id, name, path }) => ({
          ConfigID: id,
          ConfigName: name,
          File: { Name: path, ...owner, Mode: 0o444 },
        })),
        // In the hosts file's own order, which is also the API's.
        Hosts: Object.entries(inputs.hosts).map(([host, address]) => `${address} ${host}`),
        Ulimits: Object.entries(inputs.ulimits).map(([name, { soft, hard }]) => ({
          Name: name,
          Soft: soft,
          Hard: hard,
        })),
        ...(inputs.entrypoint && { Command: inputs.entrypoint }),
        ...(inputs.command && { Args: inputs.command }),
        ...(inputs.workingDir !== undefined && { Dir: inputs.workingDir }),
        ...(inputs.init === true && { Init: true }),
        ...(inputs.stopSignal !== undefined && { StopSignal: inputs.stopSignal }),
        ...(inputs.healthCheck && {
          HealthCheck: {
            Test: ["CMD", ...inputs.healthCheck.command],
            Interval: inputs.healthCheck.intervalSeconds * nanoseconds,
            Timeout: inputs.healthCheck.timeoutSeconds * nanoseconds,
            Retries: inputs.healthCheck.retries,
            StartPeriod: inputs.healthCheck.startPeriodSeconds * nanoseconds,
          },
        }),
      },
      Resources: {
        Limits: {
          NanoCPUs: Math.round(inputs.cpus * 1e9),
          MemoryBytes: inputs.memoryMb * mebibyte,
          Pids: inputs.pids,
        },
      },
      RestartPolicy: { Condition: "any", Delay: 2 * nanoseconds },
      Placement: {
        Constraints: [
          ...placement.constraints,
          ...(nodeId === undefined ? [] : [`node.id==${nodeId}`]),
        ],
        ...(placement.spread.length > 0 && {
          Preferences: placement.spread.map((label) => ({ Spread: { SpreadDescriptor: label } })),
        }),
        ...(placement.maxReplicasPerNode !== undefined && {
          MaxReplicas: placement.maxReplicasPerNode,
        }),
      },
      Networks: inputs.networks.map(({ name, alias }) => ({
        Target: name,
        ...(alias !== undefined && { Aliases: [alias] }),
      })),
      LogDriver: { Name: "json-file", Options: { "max-size": "10m", "max-file": "3" } },
    },
    Mode: inputs.onEveryNode ? { Global: {} } : { Replicated: { Replicas: inputs.replicas } },
    UpdateConfig: { ...rolling, FailureAction: update.failureAction },
    RollbackConfig: { ...rolling, FailureAction: "pause" },
    EndpointSpec: {
      // Each name has the addresses of all replicas: what Prometheus and the apps of one host get as well.
      Mode: "dnsrr",
      Ports: inputs.ports.map(({ port, hostPort }) => ({
        Protocol: "tcp",
        TargetPort: port,
        PublishedPort: hostPort,
        PublishMode: "host",
      })),
    },
  };
}

/** Each node makes it when the first replica that mounts it starts; it is empty again when none is left. */
function buildVolumeInMemory(owner: string, labels: SwarmServiceInputs["labels"]): object {
  const o = `size=64k,mode=0755,uid=${owner}`;
  return {
    Labels: labels,
    DriverConfig: { Name: "local", Options: { type: "tmpfs", device: "tmpfs", o } },
  };
}

/** Names of users are the image's own, and a Swarm takes numbers only. */
function readOwner(user: string): { readonly UID: string; readonly GID: string } {
  const [, uid = "0", gid = uid] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
  return { UID: uid, GID: gid };
}
