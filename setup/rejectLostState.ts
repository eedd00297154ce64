import { pulumi, type PulumiSession } from "./pulumiSession";
import { runOrReject } from "./run";
import { SetupError } from "./setupError";

/**
 * Refuses to deploy a stack anew that is there already: its containers or its network are on the engine, and its state
 * knows none of them. Their names would be taken in the middle of the update.
 *
 * @throws SetupError with the ways out: a backup, adopting what has data in it, or another name
 */
export async function rejectLostState(session: PulumiSession, stack: string): Promise<void> {
  const { deployment } = JSON.parse(await pulumi(session, "stack", "export", "--stack", stack)) as {
    readonly deployment: { readonly resources?: readonly { readonly id?: string }[] };
  };
  const known = new Set(deployment.resources?.map(({ id }) => id));
  const filter = `--filter label=glasshouse.project=glasshouse --filter label=glasshouse.stack=${stack}`;
  const containers = await list(["docker", "ps", "--all", "--no-trunc"], "{{.Names}}", filter);
  const networks = await list(["docker", "network", "ls", "--no-trunc"], "{{.Name}}", filter);
  const all = [...containers, ...networks];
  if (all.length === 0 || all.some(({ id }) => known.has(id))) return;
  const there = [
    ...containers.map(({ name }) => name),
    ...networks.map(({ name }) => `network ${name}`),
  ];
  throw new SetupError(
    `The state knows nothing of the stack ${stack}, but it runs on this engine: ${there.join(", ")}.\n` +
      "Nothing was changed. What to do:\n" +
      "  • its state is elsewhere (a backup, another checkout, another backend): use that one\n" +
      `  • somebody else deployed a stack of this name: copy Pulumi.${stack}.yaml to another name, and give that by --stack\n` +
      "  • its state is lost: `npm run up -- --adopt` takes over the volumes with all that is in them (recorded series,\n" +
      "    Grafana's data), and makes containers and network anew",
  );
}

async function list(
  command: readonly string[],
  name: string,
  filter: string,
): Promise<{ readonly id: string; readonly name: string }[]> {
  const lines = await runOrReject([
    ...command,
    "--format",
    `{{.ID}} ${name}`,
    ...filter.split(" "),
  ]);
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" ") as [string, string])
    .map(([id, found]) => ({ id, name: found }));
}
