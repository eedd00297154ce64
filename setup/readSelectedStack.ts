import { pulumi, tryPulumi, type PulumiSession } from "./pulumiSession";
import { SetupError } from "./setupError";

interface ListedStack {
  readonly name: string;
  readonly resourceCount?: number;
}

/**
 * The selected stack; where none is selected, the only one that has anything deployed.
 *
 * @throws SetupError where none or several could be meant
 */
export async function readSelectedStack(session: PulumiSession): Promise<string> {
  const selected = (await tryPulumi(session, "stack", "--show-name")).stdout.trim();
  if (selected !== "") return selected;
  const listed = JSON.parse(await pulumi(session, "stack", "ls", "--json")) as ListedStack[];
  const [only, ...others] = listed.filter(({ resourceCount = 0 }) => resourceCount > 0);
  if (only !== undefined && others.length === 0) return only.name;
  throw new SetupError(
    "No stack is selected: name one with `-- --stack <name>`, or run `npm run up` first.",
  );
}
