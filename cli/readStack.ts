import { pulumi, tryPulumi, type PulumiSession } from "./pulumiSession";
import { SetupError } from "./setupError";

interface ListedStack {
  readonly name: string;
  readonly resourceCount?: number;
}

/**
 * The stack that a command is about.
 *
 * @param wanted the one that the user named; default: the selected one
 * @throws SetupError for one that the backend does not know, with those that it knows
 */
export async function readStack(
  session: PulumiSession,
  wanted: string | undefined,
): Promise<string> {
  if (wanted === undefined) return readSelectedStack(session);
  const names = (await listStacks(session)).map(({ name }) => name);
  // Pulumi Cloud puts the organization before the name.
  if (names.some((name) => name === wanted || name.endsWith(`/${wanted}`))) return wanted;
  if (wanted.includes("/")) return wanted;
  const others = names.length === 0 ? "None exists yet" : `Existing stacks: ${names.join(", ")}`;
  throw new SetupError(
    `There is no stack ${wanted}. ${others}. ` +
      `\`npm run up -- --stack ${wanted}\` makes it from Pulumi.${wanted}.yaml.`,
  );
}

/**
 * The selected stack; where none is selected, the only one that has anything deployed.
 *
 * @throws SetupError where none or several could be meant
 */
async function readSelectedStack(session: PulumiSession): Promise<string> {
  const selected = (await tryPulumi(session, "stack", "--show-name")).stdout.trim();
  if (selected !== "") return selected;
  const listed = await listStacks(session);
  const [only, ...others] = listed.filter(({ resourceCount = 0 }) => resourceCount > 0);
  if (only !== undefined && others.length === 0) return only.name;
  throw new SetupError(
    "No stack is selected: name one with `-- --stack <name>`, or run `npm run up` first.",
  );
}

async function listStacks(session: PulumiSession): Promise<ListedStack[]> {
  return JSON.parse(await pulumi(session, "stack", "ls", "--json")) as ListedStack[];
}
