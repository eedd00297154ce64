import type { BackupMode } from "../../config/settings/volumeSettings";
import { labels } from "../../host/labels";
import { type DockerHost, localDockerHost } from "../../host/access/dockerHost";
import type { VolumeInputs } from "../../resources/volume/inputs";
import {
  componentTypes,
  currentType,
  foreignTypes,
  parseUrn,
  typeToken,
} from "../../resources/types";
import { withDockerHost } from "../../resources/storedHost";
import { projectName } from "../versions";

/** A value that Pulumi keeps encrypted; the doctor never asks for the plain one. */
export interface Secret {
  readonly "4dabf18193072939515e22adb298388d": string;
}

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
  readonly outputs: unknown;
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

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  /** Set while a replacement is under way: the old one, still to be deleted. */
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What `pulumi stack export` prints. */
export interface StackExport {
  readonly deployment: {
    readonly resources?: readonly Resource[] | null;
    readonly pending_operations?:
      readonly { readonly resource: Resource; readonly type: string }[] | null;
  };
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}

/** Picks out of a stack's exported state what can be compared with the host. */
export function parseStackState({ deployment }: StackExport): StackState {
  const resources = (deployment.resources ?? []).filter((resource) => resource.delete !== true);
  const ofType = (type: string) =>
    resources.filter((resource) => currentType(resource.type) === type);
  const outputs = ofType(foreignTypes.stack)[0]?.outputs ?? {};
  const limits = readLimits(ofType(typeToken("RunningContainers")));
  const containers = ofType(foreignTypes.container).map((resource) => {
    const { pids, ...kept } = limits.get(resource.id ?? "") ?? {};
    return {
      resource: parseUrn(resource.urn).name,
      owner: parseUrn(resource.parent ?? resource.urn).name,
      id: resource.id ?? "",
      // A container is made with the limits of that day; `RunningContainers` has those of today.
      inputs: { ...((resource.inputs ?? {}) as unknown as ContainerInputs), ...kept },
      pids,
    };
  });
  const provider = ofType(foreignTypes.dockerProvider)[0];
  const setting = ofType(typeToken("DaemonSettings"))[0];
  const reload = ofType(typeToken("AlertmanagerReload"))[0];
  return {
    project: resources[0] ? parseUrn(resources[0].urn).project : projectName,
    pendingOperations: (deployment.pending_operations ?? []).map(
      ({ resource, type }) => `${parseUrn(resource.urn).name} (${type})`,
    ),
    isEmpty: containers.length === 0,
    dockerHost: readDockerHost(provider?.inputs),
    containers,
    services: ofType(typeToken("SwarmService")).map((resource) => ({
      owner: parseUrn(resource.parent ?? resource.urn).name,
      id: resource.id ?? "",
      name: readText(resource.inputs, "name", resource.id ?? ""),
      replicas:
        resource.inputs?.["onEveryNode"] === true
          ? undefined
          : ((resource.inputs?.["replicas"] ?? 0) as number),
      aliases: ((resource.inputs?.["networks"] ?? []) as { alias?: string }[]).flatMap(
        ({ alias }) => (alias === undefined ? [] : [alias]),
      ),
      outputs: resource.outputs,
    })),
    networks: [...ofType(typeToken("BridgeNetwork")), ...ofType(typeToken("OverlayNetwork"))].map(
      (resource) => ({
        name: readText(resource.inputs, "name", resource.id ?? ""),
        id: resource.id ?? "",
      }),
    ),
    volumes: ofType(typeToken("Volume")).map((resource) =>
      readText(resource.inputs, "name", resource.id ?? ""),
    ),
    appVolumes: ofType(typeToken("Volume")).flatMap(({ inputs = {} }) => {
      const { name, holdsData, backup, labels: given } = inputs as unknown as VolumeInputs;
      const app = given?.[labels.app];
      if (app === undefined || holdsData !== true) return [];
      return [{ name, app, backup: (backup ?? "stop") as BackupMode }];
    }),
    files: ofType(typeToken("VolumeFiles")).map((resource) => {
      const files = resource.inputs?.["files"];
      return {
        resource: parseUrn(resource.urn).name,
        volume: readText(resource.inputs, "volume", resource.id ?? ""),
        // Encrypted as a whole, not even the paths are known.
        files: isSecret(files) ? {} : ((files ?? {}) as DeployedFiles["files"]),
        outputs: withDockerHost(resource.outputs ?? {}),
      };
    }),
    configs: ofType(typeToken("PrometheusReload")).map((resource) => {
      const id = readText(resource.inputs, "container", "");
      return {
        container: containers.find((container) => container.id === id)?.inputs.name ?? id,
        config: readText(resource.inputs, "config", ""),
        outputs: withDockerHost(resource.outputs ?? {}),
      };
    }),
    metricsSetting:
      setting?.inputs && (withDockerHost(setting.inputs) as unknown as MetricsSetting),
    metricsAddress: outputs["engineMetricsAddress"] as string | undefined,
    prometheusUrl: outputs["prometheusUrl"] as string | undefined,
    alertmanager: findAlertmanager(
      outputs["alertmanagerUrl"] as string | undefined,
      containers.find(({ id }) => id === reload?.inputs?.["container"])?.inputs.name,
    ),
    hasGrafana: ofType(componentTypes.grafana).length > 0,
  };
}

function findAlertmanager(
  url: string | undefined,
  container: string | undefined,
): StackState["alertmanager"] {
  return url === undefined || container === undefined ? undefined : { url, container };
}

function readDockerHost(inputs: Resource["inputs"]): DockerHost {
  const uri = readText(inputs, "host", localDockerHost.uri);
  const certPath = readText(inputs, "certPath", "");
  return certPath === "" ? { uri } : { uri, certPath };
}

type Limits = Partial<Pick<ContainerInputs, "memory" | "memorySwap" | "cpus">> & {
  readonly pids?: number;
};

/** The limits that containers are kept at, by their ids. */
function readLimits(readinesses: readonly Resource[]): Map<string, Limits> {
  return new Map(
    readinesses.flatMap(({ inputs }) => {
      const { containers, memoryMb, cpus, pids } = (inputs ?? {}) as {
        containers?: Readonly<Record<string, string>>;
        memoryMb?: number;
        cpus?: number;
        pids?: number;
      };
      const limits: Limits = {
        ...(memoryMb !== undefined && { memory: memoryMb, memorySwap: memoryMb }),
        ...(cpus !== undefined && { cpus: String(cpus) }),
        ...(pids !== undefined && { pids }),
      };
      return Object.values(containers ?? {}).map((id): [string, Limits] => [id, limits]);
    }),
  );
}

function readText(
  values: Readonly<Record<string, unknown>> | undefined,
  key: string,
  otherwise: string,
): string {
  const value = values?.[key];
  return typeof value === "string" ? value : otherwise;
}
