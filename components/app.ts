import { labels } from "../host/labels";
import * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "../config/appSettings";
import { createAppImage } from "./shared/appImage";
import type { Deployment } from "./shared/deployment";
import { RunningContainers } from "../resources/runningContainers/resource";
import { createAppVolumes } from "./shared/appVolumes";
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
  /** Value of a config key that holds a secret. */
  readonly secretOf: (configKey: string) => pulumi.Output<string>;
}

/** One app: its image, its replicas behind one network alias, and the wait until they do their work. */
export class App extends pulumi.ComponentResource {
  /** Where the replicas are published; empty for an app that is not. */
  readonly urls: string[];

  constructor(name: string, args: AppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:app:App", name, {}, opts);
    const { deployment, app, baseImage, toolImageId, networkName, secretOf } = args;
    const child = { parent: this };

    const image = createAppImage(`${name}-image`, { deployment, app, baseImage }, child);
    const secrets = createSecretFiles(
      `${name}-secrets`,
      { deployment, app, toolImageId, secretOf },
      child,
    );
    const volumes = createAppVolumes(
      name,
      { deployment, app, imageId: image.imageId, toolImageId },
      child,
    );

    const containerName = (index: number) => `${app.name}-${index + 1}`;
    const containers = createReplicas(
      name,
      {
        dockerHost: deployment.dockerHost,
        count: app.replicas,
        startTimeoutSeconds: app.startTimeoutSeconds,
        isPresent: (index) =>
          deployment.presentContainers.has(`${deployment.prefix}-${containerName(index)}`),
        createContainer: (replica, index, replicaOpts) =>
          createSafeContainer(
            replica,
            {
              deployment,
              networkName,
              containerName: containerName(index),
              imageId: image.imageId,
              alias: app.alias,
              user: app.user,
              readOnly: app.readOnly,
              writablePaths: app.writablePaths,
              capabilities: app.capabilities,
              memoryMb: app.memoryMb,
              cpus: app.cpus,
              ...(app.command && { command: app.command }),
              environment: { ...app.environment, ...secrets.environment },
              mounts: [...secrets.mounts, ...(volumes.mounts[index] ?? [])],
              afterCreate: volumes.afterCreate,
              labels: {
                [labels.app]: app.name,
                ...labelGivenSettings(app),
                ...secrets.labels,
              },
              ...(app.healthCheck && { healthCheck: app.healthCheck }),
              ...publishing(app, index),
            },
            replicaOpts,
          ),
      },
      child,
    );

    new RunningContainers(
      `${name}-readiness`,
      {
        dockerHost: deployment.dockerHost,
        containers,
        timeoutSeconds: app.startTimeoutSeconds,
        memoryMb: app.memoryMb,
        cpus: app.cpus,
        pids: app.pids,
        network: networkName,
        alias: app.alias,
      },
      child,
    );

    this.urls = Object.keys(containers).flatMap((_, index) => {
      const { publish } = publishing(app, index);
      return publish ? [`http://${publish.hostAddress}:${publish.hostPort}`] : [];
    });
    this.registerOutputs({ urls: this.urls });
  }
}

/**
 * The Docker provider keeps what the engine has when one of these is left out, so that leaving it out would go unseen: a
 * change of the label replaces the container.
 */
function labelGivenSettings({ command, healthCheck }: AppSettings): Record<string, string> {
  const given = [...(command ? ["command"] : []), ...(healthCheck ? ["healthCheck"] : [])];
  return given.length === 0 ? {} : { "glasshouse.given": given.join(" ") };
}

function publishing({ port, publishPort, publishAddress }: AppSettings, index: number) {
  if (publishPort === undefined) return {};
  return { publish: { port, hostPort: publishPort + index, hostAddress: publishAddress } };
}
