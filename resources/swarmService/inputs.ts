import type { DockerHost } from "../../host/access/dockerHost";

/** A port of a service, published on the node that runs it. */
export interface ServicePort {
  readonly port: number;
  readonly hostPort: number;
}

export interface ServiceHealthCheck {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export interface ServiceLogin {
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

export interface SwarmServiceInputs {
  /** The Docker Engine, a manager of the Swarm. */
  readonly dockerHost: DockerHost;
  readonly name: string;
  /** Host name of its replicas, to which their number is added. */
  readonly hostname: string;
  /** Labels of the service and of its containers. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of its containers alone. */
  readonly containerLabels: Readonly<Record<string, string>>;
  /** The image for nodes that have to pull it; undefined for one that no registry has. */
  readonly image?: string;
  /** The image on the manager: what runs is this one. */
  readonly imageId: string;
  /** Log-ins for the image's registry, which nodes get with the service; the outputs hold none. */
  readonly logins: readonly ServiceLogin[];
  /** Whether only the manager has what it needs. */
  readonly onManagerOnly: boolean;
  /** Engines of the other nodes, which are handed an image that no registry has; without any, such an app stays on the manager. */
  readonly nodes?: readonly DockerHost[];
  /** Whether each node runs one replica; `replicas` has no meaning then. Default: false */
  readonly onEveryNode?: boolean;
  readonly replicas: number;
  readonly user: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDir?: string;
  readonly init?: boolean;
  readonly stopSignal?: string;
  readonly stopGraceSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  /** Folders in memory that may be written to. */
  readonly writablePaths: readonly string[];
  readonly capabilities: readonly string[];
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  /** Addresses by host name. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly pids: number;
  readonly healthCheck?: ServiceHealthCheck;
  readonly ports: readonly ServicePort[];
  /** Named volumes of the manager; those in memory are each node's own. */
  readonly volumes: readonly {
    readonly source: string;
    readonly target: string;
    readonly readOnly: boolean;
    /** User id that a small volume in memory belongs to. Default: it is on a disk */
    readonly inMemoryOf?: string;
  }[];
  /** Files and folders of each node, read-only, by their path in the container. */
  readonly hostMounts?: Readonly<Record<string, string>>;
  readonly networks: readonly { readonly name: string; readonly alias?: string }[];
  /** Texts by the path at which they are read. */
  readonly configs: Readonly<Record<string, string>>;
  /** The same, for texts that nobody else may read. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly placement: {
    readonly constraints: readonly string[];
    readonly spread: readonly string[];
    readonly maxReplicasPerNode?: number;
  };
  readonly update: {
    readonly parallelism: number;
    readonly order: "start-first" | "stop-first";
    readonly monitorSeconds: number;
    readonly failureAction: "rollback" | "pause";
  };
  /** Seconds that a replica may take until it runs and, with a health check, is healthy. */
  readonly startTimeoutSeconds: number;
}
