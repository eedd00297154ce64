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
import { isSecret } from "./pulumiSecret";
import type {
  ContainerInputs,
  DeployedAppVolume,
  DeployedContainer,
  DeployedFiles,
  DeployedService,
  MetricsSetting,
  StackState,
} from "./stackState";

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

/** Picks out of a stack's exported state what can be compared with the host. */
export function parseStackState({ deployment }: StackExport): StackState {
  const resources = (deployment.resources ?? []).filter((resource) => resource.delete !== true);
  const ofType = (type: string) =>
    resources.filter((resource) => currentType(resource.type) === type);
  const outputs = ofType(foreignTypes.stack)[0]?.outputs ?? {};
  const containers = readContainers(
    ofType(foreignTypes.container),
    ofType(typeToken("RunningContainers")),
  );
  const provider = ofType(foreignTypes.dockerProvider)[0];
  // Those of other nodes of a Swarm name the manager.
  const setting = ofType(typeToken("DaemonSettings")).find(({ inputs }) => !inputs?.["manager"]);
  const reload = ofType(typeToken("AlertmanagerReload"))[0];
  return {
    project: resources[0] ? parseUrn(resources[0].urn).project : projectName,
    pendingOperations: (deployment.pending_operations ?? []).map(
      ({ resource, type }) => `${parseUrn(resource.urn).name} (${type})`,
    ),
    isEmpty: containers.length === 0,
    dockerHost: readDockerHost(provider?.inputs),
    containers,
    services: ofType(typeToken("SwarmService")).map(readService),
    networks: [...ofType(typeToken("BridgeNetwork")), ...ofType(typeToken("OverlayNetwork"))].map(
      (resource) => ({
        name: readText(resource.inputs, "name", resource.id ?? ""),
        id: resource.id ?? "",
      }),
    ),
    volumes: ofType(typeToken("Volume")).map((resource) =>
      readText(resource.inputs, "name", resource.id ?? ""),
    ),
    appVolumes: ofType(typeToken("Volume")).flatMap(readAppVolume),
    files: ofType(typeToken("VolumeFiles")).map(readFiles),
    configs: ofType(typeToken("PrometheusReload")).map((resource) => {
      const id = readText(resource.inputs, "container", "");
      return {
        container: containers.find((container) => container.id === id)?.inputs.name ?? id,
        config: readText(resource.inputs, "config", ""),
        olds: withDockerHost({ ...resource.inputs, ...resource.outputs }),
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

function readContainers(
  containers: readonly Resource[],
  runningContainers: readonly Resource[],
): DeployedContainer[] {
  const limits = readLimits(runningContainers);
  return containers.map((resource) => {
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
}

type Limits = Partial<Pick<ContainerInputs, "memory" | "memorySwap" | "cpus">> & {
  readonly pids?: number;
};

/** The limits that containers are kept at, by their ids. */
function readLimits(runningContainers: readonly Resource[]): Map<string, Limits> {
  return new Map(
    runningContainers.flatMap(({ inputs }) => {
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

function readService({ urn, parent, id = "", inputs, outputs }: Resource): DeployedService {
  const networks = (inputs?.["networks"] ?? []) as { alias?: string }[];
  return {
    owner: parseUrn(parent ?? urn).name,
    id,
    name: readText(inputs, "name", id),
    replicas:
      inputs?.["onEveryNode"] === true ? undefined : ((inputs?.["replicas"] ?? 0) as number),
    aliases: networks.flatMap(({ alias }) => (alias === undefined ? [] : [alias])),
    outputs,
  };
}

function readAppVolume({ inputs = {} }: Resource): DeployedAppVolume[] {
  const { name, holdsData, backup, labels: given } = inputs as unknown as VolumeInputs;
  const app = given?.[labels.app];
  if (app === undefined || holdsData !== true) return [];
  return [{ name, app, backup: (backup ?? "stop") as BackupMode }];
}

function readFiles({ urn, id = "", inputs, outputs = {} }: Resource): DeployedFiles {
  const files = inputs?.["files"];
  return {
    resource: parseUrn(urn).name,
    volume: readText(inputs, "volume", id),
    // Encrypted as a whole, not even the paths are known.
    files: isSecret(files) ? {} : ((files ?? {}) as DeployedFiles["files"]),
    outputs: withDockerHost(outputs),
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

function readText(
  values: Readonly<Record<string, unknown>> | undefined,
  key: string,
  otherwise: string,
): string {
  const value = values?.[key];
  return typeof value === "string" ? value : otherwise;
}
