import * as pulumi from "@pulumi/pulumi";
import { serverLabel } from "../config/prometheus/nodeJobs";
import type { HostFacts, PrivateNetwork, Server, ServerSettings } from "../config/servers/server";
import type { Settings } from "../config/settings/settings";
import { componentTypes } from "../resources/types";
import { SwarmService } from "../resources/swarmService/resource";
import { createPulledImage } from "./shared/appImage";
import { pickLogins } from "./shared/appService";
import type { Deployment } from "./shared/deployment";
import { buildServerHealthCheck } from "./shared/serverHealthCheck";

export interface NodeServerArgs {
  readonly deployment: Deployment;
  readonly server: Server;
  /** What the stack file says of this server. */
  readonly own: ServerSettings;
  readonly settings: Settings;
  /** Of the manager; all nodes have to be like it. */
  readonly host: HostFacts;
  readonly networkName: pulumi.Input<string>;
  readonly privateNetworks: Readonly<Partial<Record<PrivateNetwork, pulumi.Input<string>>>>;
}

/** A server on every node of a Swarm: one replica each, also on a node that joins later. */
export class NodeServer extends pulumi.ComponentResource {
  constructor(name: string, args: NodeServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentTypes.nodeServer, name, {}, opts);
    const { deployment, server, own, settings, host, networkName, privateNetworks } = args;
    const { dockerHost, prefix } = deployment;
    const child = { parent: this };
    if (server.buildNodeWorkload === undefined) throw new Error(`${name} is not for nodes`);
    const workload = server.buildNodeWorkload(settings, host);
    const { configuration, sharedFolder } = workload;

    const image = createPulledImage(`${name}-image`, deployment, own.image, child);
    new SwarmService(
      `${name}-service`,
      {
        dockerHost,
        name: `${prefix}-${server.name}`,
        hostname: server.name,
        labels: { ...deployment.labels, [serverLabel]: server.name },
        containerLabels: {},
        image: own.image,
        imageId: image.imageId,
        logins: pickLogins(own.image, deployment),
        onManagerOnly: false,
        onEveryNode: true,
        ...(settings.swarm.nodes.length > 0 && { nodes: settings.swarm.nodes }),
        replicas: 1,
        user: workload.user,
        ...(workload.entrypoint && { entrypoint: workload.entrypoint }),
        ...(workload.command && { command: workload.command }),
        stopGraceSeconds: 10,
        environment: {},
        readOnly: true,
        writablePaths: Object.keys(workload.tmpfs ?? {}),
        capabilities: [],
        ulimits: {},
        hosts: workload.hosts ?? {},
        memoryMb: own.memoryMb,
        cpus: own.cpus,
        pids: workload.pids,
        healthCheck: buildServerHealthCheck(workload.healthCommand),
        ports: [],
        volumes: sharedFolder
          ? [
              {
                source: `${prefix}-${sharedFolder.name}`,
                target: sharedFolder.path,
                readOnly: !workload.user.startsWith(`${sharedFolder.owner}:`),
                inMemoryOf: sharedFolder.owner,
              },
            ]
          : [],
        hostMounts: workload.hostMounts ?? {},
        networks: [
          ...(workload.servesPrivateNetworks ? [] : [{ name: networkName, alias: server.name }]),
          ...(workload.privateNetworks ?? []).map((network) => ({
            name: pulumi.output(privateNetworks[network]).apply((found = "") => found),
            alias: network,
          })),
        ],
        configs: Object.fromEntries(
          Object.entries(configuration?.files ?? {}).map(([file, text]) => [
            `${configuration?.folder}/${file}`,
            text,
          ]),
        ),
        secrets: {},
        placement: { constraints: [], spread: [] },
        update: {
          parallelism: 10,
          order: "stop-first",
          monitorSeconds: 5,
          failureAction: "rollback",
        },
        startTimeoutSeconds: 120,
      },
      child,
    );
    this.registerOutputs({});
  }
}
