import type { z } from "zod";

type Group = Record<PropertyKey, unknown>;
type Path = readonly PropertyKey[];

/**
 * A copy of raw settings without the values that zod complained about, so that the rest can be checked as well. Apps keep
 * their places in the list: one that cannot be read becomes an app with a made-up name.
 */
export function withoutBrokenValues(raw: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(raw);
  for (const issue of issues) {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    for (const key of keys) remove(copy, [...issue.path, key]);
    if (keys.length === 0) remove(copy, issue.path);
  }
  return copy;
}

function remove(root: unknown, path: Path): void {
  const key = path.at(-1);
  const owner = path.slice(0, -1);
  const group = owner.reduce<unknown>((value, step) => propertyOf(value, step), root);
  if (key === undefined || !isGroup(group)) return;
  const isInApps = path[0] === "apps";
  if (isInApps && path.length === 1) {
    group[key] = [];
  } else if (isInApps && path.length === 2) {
    group[key] = { name: makeUpName(key) };
  } else if (isInApps && path.length === 3 && key === "name") {
    group[key] = makeUpName(path[1]);
  } else if (Array.isArray(group) || !Object.hasOwn(group, key)) {
    // Without one of its entries a list means something else, without a required value a group means nothing.
    remove(root, owner);
  } else {
    Reflect.deleteProperty(group, key);
  }
}

function makeUpName(index: PropertyKey | undefined): string {
  return `unreadable-app-${String(index)}`;
}

function propertyOf(value: unknown, key: PropertyKey): unknown {
  return isGroup(value) ? value[key] : undefined;
}

function isGroup(value: unknown): value is Group {
  return typeof value === "object" && value !== null;
}
