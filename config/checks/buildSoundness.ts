import type { Draft } from "./draft";

/**
 * What tells whether a setting keeps its own rule: nothing broken is at its path, around it or within it. Takes as long for
 * thousands of broken paths as for one.
 */
export function buildSoundness(brokenPaths: readonly string[]): Draft["isSound"] {
  if (brokenPaths.length === 0) return () => true;
  const broken = new Set(brokenPaths);
  const around = new Set(brokenPaths.flatMap(listGroups));
  return (path) => !around.has(path) && ![path, ...listGroups(path)].some((at) => broken.has(at));
}

/** The paths of all groups and lists around a setting: `apps` and `apps[2]` for `apps[2].port`. */
function listGroups(path: string): string[] {
  return [...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index));
}
