import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import type { Deployment } from "./shared/deployment";

export interface NetworkArgs {
  readonly deployment: Deployment;
  readonly settings: Settings["network"];
}

/** The user-defined bridge that all containers of a stack share; on it Docker's DNS answers for every alias. */
export class Network extends pulumi.ComponentResource {
  /** Name of the network on the host. */
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:network:Network", name, {}, opts);
    const { deployment, settings } = args;

    const bridge = new docker.Network(
      `${name}-bridge`,
      {
        name: deployment.prefix,
        driver: "bridge",
        labels: Object.entries(deployment.labels).map(([label, value]) => ({ label, value })),
        ...(settings.subnet && { ipamConfigs: [buildAddresses(settings.subnet)] }),
      },
      {
        parent: this,
        provider: deployment.dockerProvider,
        deleteBeforeReplace: true,
        // No setting has them, and Podman tells of some that nobody asked for.
        ignoreChanges: ["ipamOptions"],
        hooks: { beforeCreate: [deployment.takeOver] },
      },
    );

    this.networkName = bridge.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}

/**
 * The gateway is Docker's own default, the first address. Left out, the engine tells of it only after its next restart, and
 * then the Docker provider wants another network, and new containers with it.
 */
function buildAddresses(subnet: string): docker.types.input.NetworkIpamConfig {
  const [network = ""] = subnet.split("/");
  const [a, b, c, d] = network.split(".").map(Number);
  return { subnet, gateway: [a, b, c, (d ?? 0) + 1].join(".") };
}
