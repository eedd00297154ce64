import type { Violation } from "./rule";
import { type ContainerFacts, listContainers, type StackFacts } from "./stackFacts";

/** Asks each container, and reports an app's replicas once. */
export function checkContainers(
  stack: StackFacts,
  check: (container: ContainerFacts) => Omit<Violation, "resource" | "urn"> | undefined,
): Violation[] {
  return keepFirst(
    listContainers(stack).flatMap((container) => {
      const found = check(container);
      const { owner, resource } = container;
      return found === undefined ? [] : [{ resource: owner.name, urn: resource.urn, ...found }];
    }),
  );
}

/** Leaves out what repeats: replicas break a rule all in the same way. */
export function keepFirst(violations: readonly Violation[]): Violation[] {
  const seen = new Set<string>();
  return violations.filter(({ resource, problem }) => {
    const key = `${resource} ${problem}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
