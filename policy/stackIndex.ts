import type { ResourceFacts, StackFacts } from "./stackFacts";

/** What rules look up for each resource. Where several would do, it is the first of the stack. */
export interface StackIndex {
  readonly byUrn: ReadonlyMap<string, ResourceFacts>;
  readonly byType: ReadonlyMap<string, readonly ResourceFacts[]>;
  /** The `Readiness` that waits for a container, by the container's URN. */
  readonly keeperOfContainer: ReadonlyMap<string, ResourceFacts>;
  /** The `Readiness` of a component, by the component's URN. */
  readonly keeperOfParent: ReadonlyMap<string | undefined, ResourceFacts>;
}

const readinessType = "pulumi-nodejs:glasshouse:Readiness";

const indexes = new WeakMap<StackFacts, StackIndex>();

/** Made once for each stack: to look through thousands of resources for each of them would take minutes. */
export function indexStack(stack: StackFacts): StackIndex {
  const index = indexes.get(stack) ?? buildIndex(stack);
  indexes.set(stack, index);
  return index;
}

function buildIndex(stack: StackFacts): StackIndex {
  const byType = groupByType(stack);
  const keepers = byType.get(readinessType) ?? [];
  return {
    byUrn: mapFirst(stack.map((resource) => [resource.urn, resource])),
    byType,
    keeperOfContainer: mapFirst(
      keepers.flatMap((keeper) =>
        (keeper.sources["containers"] ?? []).map((urn) => [urn, keeper] as const),
      ),
    ),
    keeperOfParent: mapFirst(keepers.map((keeper) => [keeper.parent, keeper])),
  };
}

function groupByType(stack: StackFacts): Map<string, ResourceFacts[]> {
  const groups = new Map<string, ResourceFacts[]>();
  for (const resource of stack) {
    const group = groups.get(resource.type);
    if (group === undefined) groups.set(resource.type, [resource]);
    else group.push(resource);
  }
  return groups;
}

/** As `new Map`, but the first of equal keys wins. */
function mapFirst<Key, Value>(entries: readonly (readonly [Key, Value])[]): Map<Key, Value> {
  return new Map([...entries].reverse());
}
