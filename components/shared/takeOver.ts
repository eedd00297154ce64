import * as pulumi from "@pulumi/pulumi";
import { removeLeftoverContainer, removeLeftoverNetwork } from "../../engine/leftovers";

/**
 * Runs before a container or a network is made: one of this stack that Pulumi does not know and that has the name makes
 * room. So an update goes on after one that was killed, after somebody made a container anew by hand, and with a state
 * that is lost.
 */
export function buildTakeOver(
  dockerHost: string,
  labels: Readonly<Record<string, string>>,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook("take-over", async ({ type, newInputs }) => {
    const name = String((newInputs as { name?: unknown } | undefined)?.name);
    const remove = type.endsWith(":Network") ? removeLeftoverNetwork : removeLeftoverContainer;
    if (await remove(dockerHost, name, labels)) {
      await pulumi.log.warn(
        `${name} was there already and not in this stack's state: it is made anew.`,
      );
    }
  });
}
