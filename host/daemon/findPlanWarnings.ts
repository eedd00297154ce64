import type { DaemonKeys } from "./daemonJson";
import { isSameValue } from "./daemonJsonEdit";

/** What a person should know before saying yes to a change of engine settings. */
export function findPlanWarnings(current: DaemonKeys, desired: DaemonKeys): readonly string[] {
  return Object.entries(desired)
    .filter(([key, value]) => Object.hasOwn(current, key) && !isSameValue(current[key], value))
    .map(
      ([key, value]) =>
        `"${key}" is ${JSON.stringify(current[key])} now and becomes ${JSON.stringify(value)}.`,
    );
}
