import type { Settings } from "../config/settings/settings";
import { labels } from "../host/labels";
import * as pulumi from "@pulumi/pulumi";
import { listAppPorts } from "../config/appPorts";
import type { AppSettings } from "../config/settings/appSettings";
import { isPushed } from "../config/swarmPlacement";
import type { SwarmSettings } from "../config/settings/swarmSettings";
import { createAppFiles } from "./shared/appFiles";
import { createAppImage } from "./shared/appImage";
import { createAppService } from "./shared/appService";
import type { Deployment } from "./shared/deployment";
import { RunningContainers } from "../resources/runningContainers/resource";
import type { ServedPort } from "../host/docker/waitForContainers";
import {
  type AppVolumes,
  type AppVolumesArgs,
  createAppVolumes,
  type LentVolume,
} from "./shared/appVolumes";
import { createReplicas } from "./shared/replicas";
import { createSafeContainer } from "./shared/safeContainer";
import { createSecretFiles } from "./shared/secretFiles";

export interface AppArgs {
  readonly deployment: Deployment;
  readonly app: AppSettings;
  /** Image that build folders start from. */
  readonly baseImage: string;
  /** Image with a shell's usual commands, used to write secret files. */
  readonly toolImageId: pulumi.Input<string>;
  readonly networkName: pulumi.Input<string>;
  /** Makes it a service of a Swarm. Default: its replicas are containers of the host */
  readonly swarm?: SwarmSettings;
  /** Value of a config key that holds a secret. */
  readonly secretOf: (configKey: string) => pulumi.Output<string>;
  /** Volumes of apps that are deployed already. */
  readonly lentBy: AppVolumesArgs["lentBy"];
}

/** One app: its image, its replicas behind one network alias (containers, or a service of a Swarm), and the wait until they serve. */
export class App extends pulumi.ComponentResource {
  /** Where the replicas are published; empty for an app that is not. */
  readonly urls: string[];
  /** Is there as soon as all replicas serve. */
  readonly readiness: pulumi.Resource;
  /** Its volumes that other apps may mount, by name. */
  readonly lent: AppVolumes["lent"];

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:app:App", name, {}, opts);
    const { deployment, app, baseImage, toolImageId, lentBy, swarm } = args;
    const child = { parent: this };
    const registry = swarm && isPushed(app, swarm) ? swarm.registry : undefined;
    const image = createAppImage(`${name}-image`, { deployment, app, baseImage, registry }, child);
    const { imageId } = image;
    const volumes = createAppVolumes(
      name,
      { deployment, app, imageId, toolImageId, lentBy },
      child,
    );
    this.lent = volumes.lent;
    this.readiness = swarm
      ? createAppService(name, { ...args, swarm, image, volumes }, child)
      : this.createContainers(name, { ...args, imageId, volumes });

    // A service has one replica with a port of the host, or is placed where the Swarm wants it.
    const published = swarm ? Math.min(app.placement ? 0 : 1, app.replicas) : app.replicas;
    this.urls = Array.from({ length: published }, (_, index) =>
      listPublished(app, index).map(
        ({ hostAddress, hostPort }) => `http://${hostAddress}:${hostPort}`,
      ),
    ).flat();
    this.registerOutputs({ urls: this.urls });
  }

  /** @returns what is there as soon as all of them serve */
  private createContainers(
    name: string,
    args: AppArgs & { readonly imageId: pulumi.Output<string>; readonly volumes: AppVolumes },
  ): pulumi.Resource {
    const { deployment, app, imageId, volumes, toolImageId, networkName, secretOf } = args;
    const child = { parent: this };
    const secrets = createSecretFiles(
      `${name}-secrets`,
      { deployment, app, toolImageId, secretOf },
      child,
    );
    const files = createAppFiles(name, { deployment, app, imageId, toolImageId, secretOf }, child);

    const containerName = (index: number) => `${app.name}-${index + 1}`;
    const containers = createReplicas(
      name,
      {
        dockerHost: deployment.dockerHost,
        count: app.replicas,
        startTimeoutSeconds: app.startTimeoutSeconds,
        port: findServedPort(app),
        isPresent: (index) =>
          deployment.presentContainers.has(`${deployment.prefix}-${containerName(index)}`),
        createContainer: (replica, index, replicaOpts) =>
          createSafeContainer(
            replica,
            {
              deployment,
              networkName,
              containerName: containerName(index),
              imageId,
              alias: app.alias,
              user: app.user,
              readOnly: app.readOnly,
              writablePaths: app.writablePaths,
              capabilities: app.capabilities,
              memoryMb: app.memoryMb,
              cpus: app.cpus,
              ...(app.command && { command: app.command }),
              environment: { ...app.environment, ...secrets.environment },
              mounts: [...secrets.mounts, ...files.mounts, ...(volumes.mounts[index] ?? [])],
              ...(volumes.starter && { starter: volumes.starter }),
              labels: {
                ...app.labels,
                [labels.app]: app.name,
                ...labelGivenSettings(app),
                ...secrets.labels,
                ...files.labels,
              },
              ...(app.healthCheck && { healthCheck: app.healthCheck }),
              publish: listPublished(app, index),
              moreNetworks: app.networks.map((network) => ({ name: network })),
              init: app.init,
              stopGraceSeconds: app.stopGraceSeconds,
              ...(app.entrypoint && { entrypoint: app.entrypoint }),
              ...(app.workingDir !== undefined && { workingDir: app.workingDir }),
              ...(app.stopSignal !== undefined && { stopSignal: app.stopSignal }),
              ...(app.sharedMemoryMb !== 64 && { sharedMemoryMb: app.sharedMemoryMb }),
              ...buildHosts(app),
            },
            replicaOpts,
          ),
      },
      child,
    );

    return new RunningContainers(
      `${name}-readiness`,
      {
        dockerHost: deployment.dockerHost,
        containers,
        timeoutSeconds: app.startTimeoutSeconds,
        port: findServedPort(app),
        memoryMb: app.memoryMb,
        cpus: app.cpus,
        pids: app.pids,
        network: networkName,
        alias: app.alias,
        ...(Object.keys(files.signals).length > 0 && { signals: files.signals }),
      },
      child,
    );
  }
}

/**
 * Deploys the apps, each after those that it waits for.
 *
 * @returns them by name, in the order of the stack file
 */
export function deployApps(
  settings: Pick<Settings, "apps" | "builds" | "swarm">,
  args: Omit<AppArgs, "app" | "baseImage" | "swarm" | "lentBy">,
  { dependsOn }: { readonly dependsOn: readonly pulumi.Resource[] },
): Record<string, App> {
  const deployed = new Map<string, App>();
  const lentBy = (owner: string, name: string): LentVolume => {
    const lent = deployed.get(owner)?.lent[name];
    if (lent === undefined) throw new Error(`${owner} has no shared volume ${name}`);
    return lent;
  };
  const deploy = (app: AppSettings): App => {
    const there = deployed.get(app.name);
    if (there) return there;
    const before = settings.apps.filter(({ name }) => app.after.includes(name)).map(deploy);
    const owners = app.volumes.map(({ from }) => from);
    settings.apps.filter(({ name }) => owners.includes(name)).forEach(deploy);
    const component = new App(
      app.name,
      {
        ...args,
        lentBy,
        app,
        baseImage: settings.builds.baseImage,
        ...(settings.swarm.mode !== "off" && { swarm: settings.swarm }),
      },
      { dependsOn: [...dependsOn, ...before.map(({ readiness }) => readiness)] },
    );
    deployed.set(app.name, component);
    return component;
  };
  return Object.fromEntries(settings.apps.map((app) => [app.name, deploy(app)]));
}

/**
 * The Docker provider keeps what the engine has when one of these is left out, so that leaving it out would go unseen: a
 * change of the label replaces the container.
 */
function labelGivenSettings(app: AppSettings): Record<string, string> {
  const defaults = { stopGraceSeconds: 10, sharedMemoryMb: 64, init: false };
  const optional = ["command", "healthCheck", "entrypoint", "workingDir", "stopSignal"] as const;
  const given = [
    ...optional.filter((name) => app[name] !== undefined),
    ...(["stopGraceSeconds", "sharedMemoryMb", "init"] as const).filter(
      (name) => app[name] !== defaults[name],
    ),
    ...(["ulimits", "hosts"] as const).filter((name) => Object.keys(app[name]).length > 0),
  ];
  return given.length === 0 ? {} : { "glasshouse.given": given.join(" ") };
}

/** What is given by name in a stack file, in the Docker provider's words. */
function buildHosts({ hosts, ulimits }: AppSettings) {
  const listedHosts = Object.entries(hosts).map(([host, ip]) => ({ host, ip }));
  const listedLimits = Object.entries(ulimits).map(([name, limit]) => ({ name, ...limit }));
  return {
    ...(listedHosts.length > 0 && { hosts: listedHosts }),
    ...(listedLimits.length > 0 && { ulimits: listedLimits }),
  };
}

/** The port by which an app shows that it serves: the one that most depends on. */
function findServedPort({ port, publishPort, metrics, metricsPort }: AppSettings): ServedPort {
  if (publishPort !== undefined) return { number: port, isUsed: true };
  return metrics ? { number: metricsPort, isUsed: true } : { number: port, isUsed: false };
}

function listPublished(app: AppSettings, index: number) {
  return listAppPorts(app).map(({ port, hostPort, address }) => ({
    port,
    hostPort: hostPort + index,
    hostAddress: address,
  }));
}
