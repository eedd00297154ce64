import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import { BridgeNetwork } from "../resources/bridgeNetwork/resource";
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

    const bridge = new BridgeNetwork(
      `${name}-bridge`,
      {
        dockerHost: deployment.dockerHost,
        name: deployment.prefix,
        labels: deployment.labels,
        ...(settings.subnet !== undefined && { subnet: settings.subnet }),
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        hooks: { beforeCreate: [deployment.removeOrphan] },
      },
    );

    this.networkName = bridge.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
