import { parse } from "yaml";

const configFolder = "/etc/prometheus";

/**
 * Compares the configuration that Prometheus reports with the one that was asked for. Prometheus fills in its defaults
 * and makes paths of files absolute, so more may be there than was asked for, and a list has to match item by
 * item.
 *
 * @returns the first place that differs, in words; undefined when everything that was asked for is there
 */
export function findDifference(running: string, asked: string): string | undefined {
  return compare(parse(running), parse(asked), "");
}

function compare(actual: unknown, asked: unknown, path: string): string | undefined {
  if (Array.isArray(asked)) {
    if (!Array.isArray(actual)) return describe(path, actual, asked);
    if (actual.length !== asked.length) {
      return `${path} has ${actual.length} entries where ${asked.length} are wanted`;
    }
    return firstOf(asked, (item, index) => compare(actual[index], item, `${path}[${index}]`));
  }
  if (asked !== null && typeof asked === "object") {
    if (actual === null || typeof actual !== "object") return describe(path, actual, asked);
    const there = actual as Record<string, unknown>;
    return firstOf(Object.entries(asked), ([key, value]) =>
      compare(there[key], value, path === "" ? key : `${path}.${key}`),
    );
  }
  const equal = /_files?(\[\d+\])?$/.test(path)
    ? isSamePath(String(actual), String(asked))
    : actual === asked;
  return equal ? undefined : describe(path, actual, asked);
}

/** Relative to Prometheus' folder, or made absolute by Prometheus. */
function isSamePath(actual: string, asked: string): boolean {
  return actual === asked || actual === `${configFolder}/${asked}`;
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describe(path: string, actual: unknown, asked: unknown): string {
  return `${path} is ${actual === undefined ? "not there" : JSON.stringify(actual)} where ${JSON.stringify(asked)} is wanted`;
}
