import type { BackupMode } from "../../config/settings/volumeSettings";
import type { DockerHost } from "../../host/access/dockerHost";
import type { Secret } from "./pulumiSecret";

/** What the program asked of the Docker provider for a container; of everything there, what is compared. */
export interface ContainerInputs {
  readonly name: string;
  readonly image: string;
  readonly hostname?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  /** The provider encrypts all of them as soon as one is a secret. */
  readonly envs?: readonly string[] | Secret;
  readonly labels?: readonly { readonly label: string; readonly value: string | Secret }[];
  /** MiB */
  readonly memory?: number;
  /** MiB */
  readonly memorySwap?: number;
  readonly cpus?: string;
  readonly readOnly?: boolean;
  readonly privileged?: boolean;
  readonly capabilities?: { readonly adds?: readonly string[]; readonly drops?: readonly string[] };
  readonly securityOpts?: readonly string[];
  readonly restart?: string;
  readonly logDriver?: string;
  readonly logOpts?: Readonly<Record<string, string>>;
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly ports?: readonly {
    readonly internal: number;
    readonly external?: number;
    readonly ip?: string;
    readonly protocol?: string;
  }[];
  readonly networksAdvanced?: readonly {
    readonly name: string;
    readonly aliases?: readonly string[];
  }[];
  readonly mounts?: readonly {
    readonly type: string;
    readonly source?: string;
    readonly target: string;
    readonly readOnly?: boolean;
  }[];
  readonly hosts?: readonly { readonly host: string; readonly ip: string }[];
  readonly healthcheck?: { readonly tests: readonly string[] };
}

export interface DeployedContainer {
  /** Name in the program, such as `access-log-1`. */
  readonly resource: string;
  /** The component that it belongs to, such as `access-log`. */
  readonly owner: string;
  readonly id: string;
  readonly inputs: ContainerInputs;
  /** Limit of processes, which another resource sets; undefined when none does. */
  readonly pids: number | undefined;
}

/** A service of a Swarm. */
export interface DeployedService {
  /** The app that it is, such as `access-log`. */
  readonly owner: string;
  readonly id: string;
  readonly name: string;
  /** Undefined where each node runs one. */
  readonly replicas: number | undefined;
  /** Names by which it is found on its networks. */
  readonly aliases: readonly string[];
  /** The provider's own record, to look for drift with. */
  readonly outputs: unknown;
}

export interface DeployedNetwork {
  readonly name: string;
  readonly id: string;
}

/** A volume with an app's data. */
export interface DeployedAppVolume {
  readonly name: string;
  readonly app: string;
  readonly backup: BackupMode;
}

export interface DeployedFiles {
  readonly resource: string;
  readonly volume: string;
  /** Content by path; a secret content is there encrypted. */
  readonly files: Readonly<Record<string, string | Secret>>;
  /** The provider's own record, to read the volume with. */
  readonly outputs: unknown;
}

export interface DeployedConfig {
  /** Name of Prometheus' container. */
  readonly container: string;
  /** The scrape config that it has to run, as text. */
  readonly config: string;
  /** The provider's own record, to ask Prometheus with. */
  readonly olds: unknown;
}

export interface MetricsSetting {
  readonly dockerHost: DockerHost;
  readonly daemonJson: string;
  readonly metricsAddress: string;
  readonly restart: "auto" | "systemd" | "direct" | "command";
  readonly restartCommand: readonly string[];
  readonly claimant: string;
}

/** What the last update wrote down. */
export interface StackState {
  readonly project: string;
  /** Names of the resources that an interrupted update was working on. */
  readonly pendingOperations: readonly string[];
  readonly isEmpty: boolean;
  readonly dockerHost: DockerHost;
  readonly containers: readonly DeployedContainer[];
  readonly services: readonly DeployedService[];
  readonly networks: readonly DeployedNetwork[];
  readonly volumes: readonly string[];
  readonly appVolumes: readonly DeployedAppVolume[];
  readonly files: readonly DeployedFiles[];
  readonly configs: readonly DeployedConfig[];
  /** Only with `engineMetrics.mode: managed`. */
  readonly metricsSetting: MetricsSetting | undefined;
  readonly metricsAddress: string | undefined;
  readonly prometheusUrl: string | undefined;
  /** Its address as its own host sees it, and the name of its container; undefined for a stack without it. */
  readonly alertmanager: { readonly url: string; readonly container: string } | undefined;
  readonly hasGrafana: boolean;
}
