import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../host/access/dockerHost";
import { typeToken } from "../../resources/types";
import { removeLeftoverContainer, removeLeftoverNetwork } from "../../host/docker/leftovers";

/**
 * Runs before a container or a network is made: one of this stack that Pulumi does not know and that has the name makes
 * room. So an update goes on after one that was killed, and after someone recreated a container by hand. A whole stack
 * that Pulumi does not know is adopted on demand only, since it may be another user's.
 */
export function buildRemoveOrphan(
  dockerHost: DockerHost,
  labels: Readonly<Record<string, string>>,
): pulumi.ResourceHook {
  const adopt = process.env["GLASSHOUSE_ADOPT"] === "true";
  return new pulumi.ResourceHook("remove-orphan", async ({ type, newInputs }) => {
    const name = String((newInputs as { name?: unknown } | undefined)?.name);
    const wasThere =
      type === typeToken("BridgeNetwork") || type === typeToken("OverlayNetwork")
        ? await removeLeftoverNetwork(dockerHost, name, labels, adopt)
        : await removeLeftoverContainer(dockerHost, name, labels);
    if (wasThere) {
      await pulumi.log.warn(
        `${name} exists on the host but not in this stack's state; recreating it.`,
      );
    }
  });
}
