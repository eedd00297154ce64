import * as pulumi from "@pulumi/pulumi";
import type { PrivateNetwork } from "../config/servers/server";
import type { Settings } from "../config/settings/settings";
import { BridgeNetwork } from "../resources/bridgeNetwork/resource";
import { OverlayNetwork } from "../resources/overlayNetwork/resource";
import type { Deployment } from "./shared/deployment";

export interface NetworkArgs {
  readonly deployment: Deployment;
  readonly settings: Settings["network"];
  /** Whether it spans the nodes of a Swarm. Default: false */
  readonly inSwarm?: boolean;
  /** Networks for a few of the stack's servers only, from which no way leads out. */
  readonly privateNetworks: readonly PrivateNetwork[];
}

/** The user-defined bridge, or in a Swarm the overlay, that a whole stack shares; on it Docker's DNS answers for every alias. */
export class Network extends pulumi.ComponentResource {
  /** Name of the network on the host. */
  readonly networkName: pulumi.Output<string>;
  /** Names of the private networks on the host. */
  readonly privateNetworks: Readonly<Partial<Record<PrivateNetwork, pulumi.Output<string>>>>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:network:Network", name, {}, opts);
    const { deployment, settings, privateNetworks } = args;
    const { dockerHost, labels, prefix } = deployment;
    const child = {
      parent: this,
      deleteBeforeReplace: true,
      hooks: { beforeCreate: [deployment.removeOrphan] },
    };

    const own = {
      dockerHost,
      name: prefix,
      labels,
      ...(settings.subnet !== undefined && { subnet: settings.subnet }),
    };
    const shared = args.inSwarm
      ? new OverlayNetwork(`${name}-overlay`, own, child)
      : new BridgeNetwork(`${name}-bridge`, own, child);
    // Engine 20.10 publishes no port of a container that is on an overlay and on an internal bridge: it takes the bridge for the way out.
    const Private = args.inSwarm ? OverlayNetwork : BridgeNetwork;
    this.privateNetworks = Object.fromEntries(
      privateNetworks.map((network) => {
        const inside = { dockerHost, name: `${prefix}-${network}`, labels, internal: true };
        return [network, new Private(`${name}-${network}`, inside, child).name];
      }),
    );
    this.networkName = shared.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
