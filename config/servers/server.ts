import type { RuleGroup } from "../prometheus/ruleFile";
import type { ScrapeJob } from "../prometheus/scrapeConfig";
import type { Settings } from "../settings/settings";

/** What every server can be told. */
export interface ServerSettings {
  readonly image: string;
  /** Host address and port; a server without them is reached on the stack's network only. */
  readonly publishAddress?: string;
  readonly publishPort?: number;
  readonly memoryMb: number;
  readonly cpus: number;
}

/** A scrape job, and how many targets it has when all is well. */
export interface ServerJob {
  readonly job: ScrapeJob;
  /** At least so many, where each node of a Swarm has one. */
  readonly targets: number;
  /** Where each node of a Swarm has a target: it is the replica that runs there. Default: the job says by itself what its targets are */
  readonly onEachNode?: NodeTargets;
}

/** How the replicas of a server on all nodes are scraped. */
export interface NodeTargets {
  readonly port: number;
  /** Default: the stack's own network */
  readonly network?: PrivateNetwork;
}

/** A volume of a server. */
export interface ServerVolume {
  /** Ends the volume's name: `<project>-<stack>-<server>-<role>`. */
  readonly role: string;
  /** Whether what is in it would be missed: such volumes are backed up and kept. */
  readonly holdsData: boolean;
}

/** What is asked of a host before servers are declared. */
export interface HostFacts {
  /** The host's own name. */
  readonly hostname: string;
  /** Where the engine's socket is on the host. */
  readonly socketPath: string;
  /** Group id of the socket; undefined where it cannot be looked up. */
  readonly socketGroup: number | undefined;
  /** Folder of the engine's data. */
  readonly dataRoot: string;
  readonly storageDriver: string;
}

/** Networks of a stack beside the one that all containers share, the last one over all nodes of a Swarm. No way leads out of them. */
export type PrivateNetwork = "docker-api-discovery" | "docker-api-cadvisor" | "docker-api-nodes";

/** How a server that needs no component of its own is run; what is not here is as for every container of a stack. */
export interface Workload {
  readonly user: string;
  /** Default: the server's name */
  readonly hostname?: string;
  /** Default: the image's own */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Command that ends with 0 when it serves; it has to exist in the official image and in Debian's. */
  readonly healthCommand: readonly string[];
  /** Files and folders of the host, read-only, by their path in the container. */
  readonly hostMounts?: Readonly<Record<string, string>>;
  /** Folders in memory, with their options, by path. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  /** Its configuration: files by name, and the folder that they are in. A change replaces the container. */
  readonly configuration?: {
    readonly folder: string;
    readonly files: Readonly<Record<string, string>>;
    /** Command of its own image that must succeed on the files, in their folder, before the volume gets them. */
    readonly check?: readonly string[];
  };
  /** Addresses by name, for its hosts file. On nodes of a Swarm only. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Networks that it is on beside the stack's own. */
  readonly privateNetworks?: readonly PrivateNetwork[];
  /** Whether it is on these alone, and answers on each to the network's name. Default: false */
  readonly servesPrivateNetworks?: boolean;
  /** A folder in memory that servers on one node of a Swarm share, each at the same path; only its owner, by user id, writes there. */
  readonly sharedFolder?: { readonly name: string; readonly path: string; readonly owner: string };
  readonly pids: number;
}

/**
 * A server that a stack deploys beside the apps. All that is said of servers in general (images, mirrors, ports, reserved names,
 * warnings, jobs, rules, policy, report, doctor, backup, summary) loops over the list in `servers.ts`.
 */
export interface Server {
  /** Name of its container and its alias on the network; no app may take it. */
  readonly name: string;
  /** As its project spells it. */
  readonly title: string;
  /** Type token of its component. */
  readonly componentType: string;
  /** Where its settings are in a stack file. */
  readonly settingsPath: readonly [string, ...string[]];
  /** Which of its settings names its image. Default: `image` */
  readonly imageKey?: string;
  /** Its settings; undefined where these leave it out. */
  readonly read: (settings: Settings) => ServerSettings | undefined;
  /** Port inside its container. */
  readonly port: number;
  /** Path that answers 200 as soon as it serves. */
  readonly readyPath: string;
  /** Path that answers with a JSON document in which `version` is its version. */
  readonly versionPath?: string;
  readonly volumes: readonly ServerVolume[];
  /** How it is run by the component `Server`; undefined for one that has a component of its own. */
  readonly buildWorkload?: (settings: Settings, host: HostFacts) => Workload;
  /** How it is run on every node of a Swarm, by a global service. Undefined for one that stays on the manager. */
  readonly buildNodeWorkload?: (settings: Settings, host: HostFacts) => Workload;
  /** Whether in a Swarm the replicas on the nodes are all there is of it. Default: a container on the manager is as well */
  readonly isOnNodesAlone?: boolean;
  readonly jobs: (settings: Settings) => readonly ServerJob[];
  /**
   * Recording and alerting rules about it.
   *
   * @param prefix starts the names of the stack's containers
   */
  readonly ruleGroups: (settings: Settings, prefix: string) => readonly RuleGroup[];
}
