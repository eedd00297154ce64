import { connectDocker } from "../host/docker/connectDocker";
import { pulumi, type PulumiSession } from "./pulumiSession";
import { SetupError } from "./setupError";
import { readStackHost } from "./stackHost";
import { listStackParts } from "./stackParts";

/**
 * Refuses to deploy a stack again that is deployed already: its containers or its network are on the engine, and its state
 * knows none of them. Their names would be taken in the middle of the update.
 *
 * @throws SetupError with the ways out: a backup, adopting what has data in it, or another name
 */
export async function rejectLostState(session: PulumiSession, stack: string): Promise<void> {
  const { deployment } = JSON.parse(await pulumi(session, "stack", "export", "--stack", stack)) as {
    readonly deployment: { readonly resources?: readonly { readonly id?: string }[] };
  };
  const known = new Set(deployment.resources?.map(({ id }) => id));
  const docker = await connectDocker(readStackHost(stack));
  const { containers, services, networks } = await listStackParts(docker, stack);
  const all = [...containers, ...services, ...networks];
  if (all.length === 0 || all.some(({ id }) => known.has(id))) return;
  const there = [
    ...containers.map(({ name }) => name),
    ...services.map(({ name }) => `service ${name}`),
    ...networks.map(({ name }) => `network ${name}`),
  ];
  throw new SetupError(
    `The state knows nothing of the stack ${stack}, but it runs on this engine: ${there.join(", ")}.\n` +
      "Nothing was changed. What to do:\n" +
      "  • its state is elsewhere (a backup, another checkout, another backend): use that one\n" +
      `  • someone else deployed a stack of this name: copy Pulumi.${stack}.yaml to another name, and give that by --stack\n` +
      "  • its state is lost: `npm run up -- --adopt` takes over the volumes with all that is in them (recorded series,\n" +
      "    Grafana's data), and recreates containers and network",
  );
}
