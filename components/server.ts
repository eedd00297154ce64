import * as pulumi from "@pulumi/pulumi";
import type {
  HostFacts,
  PrivateNetwork,
  Server as ServerDescriptor,
  ServerSettings,
} from "../config/servers/server";
import type { Settings } from "../config/settings/settings";
import { RunningContainers } from "../resources/runningContainers/resource";
import { Volume } from "../resources/volume/resource";
import { VolumeFiles } from "../resources/volumeFiles/resource";
import { createPulledImage } from "./shared/appImage";
import type { Deployment } from "./shared/deployment";
import { createSafeContainer } from "./shared/safeContainer";
import { buildServerHealthCheck } from "./shared/serverHealthCheck";

export interface ServerArgs {
  readonly deployment: Deployment;
  readonly server: ServerDescriptor;
  /** What the stack file says of this server. */
  readonly own: ServerSettings;
  readonly settings: Settings;
  readonly host: HostFacts;
  readonly networkName: pulumi.Input<string>;
  readonly privateNetworks: Readonly<Partial<Record<PrivateNetwork, pulumi.Input<string>>>>;
  /** Image with a shell's usual commands, used to write files. */
  readonly toolImageId: pulumi.Input<string>;
}

/** A server that its descriptor in `config/servers/` tells everything about. */
export class Server extends pulumi.ComponentResource {
  constructor(name: string, args: ServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:server:Server", name, {}, opts);
    const { deployment, server, own, settings, host, networkName, privateNetworks } = args;
    const { dockerHost, prefix } = deployment;
    const child = { parent: this };
    if (server.buildWorkload === undefined) throw new Error(`${name} has a component of its own`);
    const workload = server.buildWorkload(settings, host);

    const image = createPulledImage(`${name}-image`, deployment, own.image, child);
    const { configuration } = workload;
    const volume =
      configuration &&
      new Volume(`${name}-config`, { dockerHost, name: `${prefix}-${server.name}-config` }, child);
    const files =
      configuration &&
      volume &&
      new VolumeFiles(
        `${name}-files`,
        {
          dockerHost,
          volume: volume.name,
          image: configuration.check ? image.imageId : args.toolImageId,
          files: configuration.files,
          ...(configuration.check && { check: [...configuration.check] }),
        },
        child,
      );

    const serves = workload.servesPrivateNetworks ?? false;
    const privately = (workload.privateNetworks ?? []).map((network) => ({
      name: privateNetworks[network] ?? "",
      ...(serves && { alias: network }),
    }));
    const onStackNetwork = { name: networkName, alias: server.name };
    // Who serves private networks is on no other.
    const [first = onStackNetwork, ...moreNetworks] = serves
      ? privately
      : [onStackNetwork, ...privately];
    const { name: firstNetwork, alias = server.name } = first;
    const container = createSafeContainer(
      `${name}-server`,
      {
        deployment,
        imageId: image.imageId,
        containerName: server.name,
        hostname: workload.hostname ?? server.name,
        networkName: firstNetwork,
        alias,
        moreNetworks,
        user: workload.user,
        ...(workload.entrypoint && { entrypoint: workload.entrypoint }),
        ...(workload.command && { command: workload.command }),
        ...(workload.tmpfs && { tmpfs: workload.tmpfs }),
        memoryMb: own.memoryMb,
        cpus: own.cpus,
        mounts: [
          ...Object.entries(workload.hostMounts ?? {}).map(([target, source]) => ({
            type: "bind",
            source,
            target,
            readOnly: true,
          })),
          ...(configuration && volume
            ? [
                {
                  type: "volume",
                  source: volume.name,
                  target: configuration.folder,
                  readOnly: true,
                },
              ]
            : []),
        ],
        // A server reads its configuration when it starts: the label makes a changed one replace the container.
        ...(files && { labels: { "glasshouse.configuration": files.revision } }),
        healthCheck: buildServerHealthCheck(workload.healthCommand),
      },
      child,
    );
    new RunningContainers(
      `${name}-readiness`,
      {
        dockerHost,
        containers: { [server.name]: container.id },
        timeoutSeconds: 120,
        memoryMb: own.memoryMb,
        cpus: own.cpus,
        pids: workload.pids,
        network: firstNetwork,
        alias,
      },
      child,
    );
    this.registerOutputs({});
  }
}
