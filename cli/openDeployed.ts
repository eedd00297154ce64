import type { DockerHost } from "../host/access/dockerHost";
import { openStack } from "./openStack";
import { SetupError } from "./setupError";
import { readStackHost } from "./stackHost";
import { readStackOutputs, type StackOutputs } from "./stackOutputs";

/** A stack that is deployed, for commands that only look at it. */
export interface Deployed {
  readonly stack: string;
  /** The stack's engine. */
  readonly dockerHost: DockerHost;
  readonly outputs: StackOutputs;
}

/**
 * @param stackWanted default: the stack that is selected
 * @throws SetupError when nothing is deployed
 */
export async function openDeployed(stackWanted: string | undefined): Promise<Deployed> {
  const { session, stack } = await openStack(stackWanted);
  const outputs = await readStackOutputs(session, stack);
  // A stack that was removed has none.
  if ((outputs as Partial<StackOutputs>).prometheusUrl === undefined) {
    throw new SetupError(
      `The stack ${stack} has nothing deployed: run \`npm run up -- --stack ${stack}\` first.`,
    );
  }
  return { stack, dockerHost: readStackHost(stack), outputs };
}
