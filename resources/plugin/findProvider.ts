import type { Crud } from "../crud";
import { currentType, parseUrn, resourceNames, typeToken } from "../types";

type Properties = Record<string, unknown>;

const folders = new Map(
  resourceNames.map((name) => [typeToken(name), name.charAt(0).toLowerCase() + name.slice(1)]),
);

/**
 * The provider of a resource. It is loaded here and not on import: a stack uses few of them at a time, and every preview
 * waits for them. A stack that an earlier version deployed still has that version's types in its state.
 *
 * @throws Error for a type that is none of ours
 */
export async function findProvider(urn: string): Promise<Crud<Properties, Properties>> {
  const folder = folders.get(currentType(parseUrn(urn).type));
  if (folder === undefined) throw new Error(`There is no provider for the type of ${urn}.`);
  // Each knows what its own resources hold; here that is only passed on.
  const { provider } = (await import(`../${folder}/provider`)) as {
    readonly provider: Crud<Properties, Properties>;
  };
  return provider;
}
