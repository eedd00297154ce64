import { createRequire } from "node:module";
import type { Crud } from "../crud";
import { currentType, parseUrn, resourceNames, typeToken } from "../types";

type Properties = Record<string, unknown>;

const folders = new Map(
  resourceNames.map((name) => [typeToken(name), name.charAt(0).toLowerCase() + name.slice(1)]),
);
const load = createRequire(__filename);

/**
 * The provider of a resource. It is loaded here and not on import: a stack uses few of them at a time, and every preview
 * waits for them. A stack that an earlier version deployed still has that version's types in its state.
 *
 * @throws Error for a type that is none of ours
 */
export function findProvider(urn: string): Crud<Properties, Properties> {
  const folder = folders.get(currentType(parseUrn(urn).type));
  if (folder === undefined) throw new Error(`There is no provider for the type of ${urn}.`);
  // Each knows what its own resources hold; here that is only passed on.
  return (load(`../${folder}/provider.ts`) as { provider: Crud<Properties, Properties> }).provider;
}
