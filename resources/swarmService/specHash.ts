import { createHash } from "node:crypto";
import type { ServiceSpec } from "./serviceSpec";

/** The engine fills in the same defaults each time, in an order of its own. */
export function hashSpec(spec: ServiceSpec): string {
  return createHash("sha256").update(renderSorted(spec)).digest("hex").slice(0, 16);
}

function renderSorted(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}
