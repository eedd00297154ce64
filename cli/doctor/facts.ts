import type { DockerHost } from "../../host/access/dockerHost";
import type { KernelLimits } from "../../host/docker/containerDrift";
import type { NetworkMembers } from "../../host/docker/networkMembers";
import type { NodeNow } from "../../host/docker/swarm/swarmNodes";
import type { EngineFacts } from "../../host/docker/detectEngine";
import type { Unrouted } from "../alerting/findUnrouted";
import type { ListedSilence } from "../alerting/silences";
import type { Target } from "../waitForTargets";
import type { StackState } from "./stackState";

/** A reading, or in words why there is none. */
export type Reading<T> = { readonly value: T } | { readonly problem: string };

/** Of what the engine tells about a container, what is compared. The names are the Docker API's. */
export interface ContainerNow {
  readonly Id: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Error: string;
    readonly OOMKilled: boolean;
    readonly FinishedAt: string;
    readonly Health?: {
      readonly Status: string;
      readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[] | null;
    };
  };
  readonly Config: {
    readonly Hostname: string;
    readonly User: string;
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly Cmd: readonly string[] | null;
    readonly Healthcheck?: { readonly Test?: readonly string[] };
  };
  readonly HostConfig: {
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly NanoCpus: number;
    readonly PidsLimit?: number | null;
    readonly ReadonlyRootfs: boolean;
    readonly Privileged: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly RestartPolicy: { readonly Name: string };
    readonly LogConfig: {
      readonly Type: string;
      readonly Config: Readonly<Record<string, string>> | null;
    };
    readonly Tmpfs?: Readonly<Record<string, string>> | null;
    readonly ExtraHosts: readonly string[] | null;
    readonly PortBindings: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    > | null;
    readonly Mounts?:
      | readonly {
          readonly Type: string;
          readonly Source?: string;
          readonly Target: string;
          readonly ReadOnly?: boolean;
        }[]
      | null;
  };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly Aliases: readonly string[] | null }>>;
  };
}

/** What an image hands over to its containers. */
export interface ImageNow {
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** Something on the host that carries this stack's labels. */
export interface LabelledThing {
  readonly id: string;
  readonly name: string;
}

/** A running container that asks to be scraped by its labels. */
export interface ScrapeCandidate {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of its networks. */
  readonly networks: readonly string[];
  /** TCP ports that its image exposes, or that are published. */
  readonly ports: readonly number[];
}

export interface MetricsNow {
  /** `metrics-addr` in daemon.json, whatever its type. */
  readonly setting: unknown;
  /** Whether the stack's claim is in the ledger; undefined for a user who may not read it. */
  readonly isClaimed: boolean | undefined;
  /** Why the engine's metrics are unavailable; undefined when they are not. */
  readonly problem: string | undefined;
}

/** A service of a Swarm. */
export interface ServiceNow {
  /** Replicas that run. */
  readonly running: number;
  /** Replicas that the Swarm wants. */
  readonly wanted: number;
  /** What someone has changed, in words; empty when all is as it was deployed. */
  readonly drift: string;
}

export interface HostNow {
  /** Of the Swarm that the stack's services are in; empty without services. */
  readonly nodes: readonly NodeNow[];
  readonly kernelLimits: KernelLimits;
  /** By name in the program; undefined for a container that is gone. */
  readonly containers: Readonly<Record<string, ContainerNow | undefined>>;
  /** By name; undefined for a service that is gone. */
  readonly services: Readonly<Record<string, ServiceNow | undefined>>;
  /** By id; without those that are gone. */
  readonly images: Readonly<Record<string, ImageNow>>;
  /** Ids by name. */
  readonly networks: Readonly<Record<string, string>>;
  /** Who is on each of the stack's networks, by its name. */
  readonly networkMembers: Readonly<Record<string, NetworkMembers | undefined>>;
  readonly volumes: readonly string[];
  readonly labelledContainers: readonly LabelledThing[];
  readonly labelledNetworks: readonly LabelledThing[];
  readonly scrapeCandidates: readonly ScrapeCandidate[];
  /** Containers that killed runs left behind while they wrote files. */
  readonly staleHelpers: readonly LabelledThing[];
  /** By name in the program: content by path. */
  readonly files: Readonly<Record<string, Reading<Readonly<Record<string, string>>>>>;
}

export interface PrometheusNow {
  /** The first place where it runs another configuration, in words; undefined when it runs what it should. */
  readonly difference: Reading<string | undefined>;
  readonly targets: Reading<readonly Target[]>;
  readonly lastReloadSuccessful: boolean | undefined;
  /** Names of the nodes of a Swarm whose engines do not publish their metrics. */
  readonly enginesWithoutMetrics: readonly string[];
}

/** A receiver that did not take messages by one of its ways, such as `slack`. */
export interface FailingReceiver {
  readonly receiver: string;
  readonly integration: string;
  /** How many, in the last hour. */
  readonly messages: number;
}

/** A silence that ended by itself while these alerts, which it silenced, still fire. */
export interface EndedSilence {
  readonly silence: ListedSilence;
  readonly alerts: readonly string[];
}

export interface AlertmanagerNow {
  readonly container: string;
  readonly failing: Reading<readonly FailingReceiver[]>;
  /** Within a day. */
  readonly ended: Reading<readonly EndedSilence[]>;
  readonly unrouted: Reading<Unrouted>;
}

export interface Lock {
  readonly pid: number;
  readonly hostname: string;
  /** Whether the run that took it was killed: its process is gone from this host. */
  readonly isDead: boolean;
}

export interface LastUpdate {
  readonly kind: string;
  /** `succeeded`, `failed` or `in-progress`. */
  readonly result: string;
}

/** What a `pulumi preview` would do, without a refresh: how the settings differ from what was deployed. */
export interface PlanNow {
  readonly changes: readonly {
    readonly operation: string;
    readonly resource: string;
    readonly type: string;
  }[];
  readonly grafana: { readonly deploy: string; readonly image: string } | undefined;
}

/** Everything that was read, before anything is judged. */
export interface Facts {
  readonly stack: string;
  readonly engine: EngineFacts;
  /** Why the engine does not answer; undefined when it does. */
  readonly engineProblem: string | undefined;
  /** URI of the engine. */
  readonly dockerHost: DockerHost;
  readonly state: Reading<StackState>;
  readonly locks: readonly Lock[];
  readonly lastUpdate: LastUpdate | undefined;
  readonly plan: Reading<PlanNow> | undefined;
  /** Undefined with `engineMetrics.mode: off`. */
  readonly metrics: Reading<MetricsNow> | undefined;
  /** Undefined when there is no engine, or no state, to compare. */
  readonly host: HostNow | undefined;
  readonly prometheus: PrometheusNow | undefined;
  /** Undefined for a stack without it. */
  readonly alertmanager: AlertmanagerNow | undefined;
}
