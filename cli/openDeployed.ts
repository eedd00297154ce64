import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DockerHost } from "../host/access/dockerHost";
import { pulumiBinFolder } from "./install/pulumiHome";
import { openPulumiSession } from "./pulumiSession";
import { readStack } from "./readStack";
import { SetupError } from "./setupError";
import { readStackHost } from "./stackHost";
import { readStackOutputs, type StackOutputs } from "./stackOutputs";
import { readPulumiVersions } from "./versions";

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
  const program = join(pulumiBinFolder(readPulumiVersions().pulumi), "pulumi");
  if (!existsSync(program)) {
    throw new SetupError(
      "Pulumi is not installed, so nothing is deployed: run `npm run up` first.",
    );
  }
  const session = openPulumiSession(program);
  const stack = await readStack(session, stackWanted);
  const outputs = await readStackOutputs(session, stack);
  // A stack that was removed has none.
  if ((outputs as Partial<StackOutputs>).prometheusUrl === undefined) {
    throw new SetupError(
      `The stack ${stack} has nothing deployed: run \`npm run up -- --stack ${stack}\` first.`,
    );
  }
  return { stack, dockerHost: readStackHost(stack), outputs };
}
