import type { Labels } from "./api";

interface AlertmanagerAlert {
  readonly labels: Labels;
  readonly status: {
    readonly state: "active" | "suppressed" | "unprocessed";
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
  };
}

export type Suppression = "silenced" | "inhibited";

/** Whom Alertmanager does not notify of, and why; by `labelsKey`. */
export async function readSuppressed(
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Suppression>> {
  const response = await fetch("/alertmanager/api/v2/alerts", { signal });
  if (!response.ok) {
    throw new Error(`Alertmanager answered ${response.status}.`);
  }
  const alerts = (await response.json()) as readonly AlertmanagerAlert[];
  return new Map(
    alerts.flatMap(({ labels, status }): [string, Suppression][] =>
      status.silencedBy.length > 0
        ? [[labelsKey(labels), "silenced"]]
        : status.inhibitedBy.length > 0
          ? [[labelsKey(labels), "inhibited"]]
          : [],
    ),
  );
}

/** The same for the same labels in any order. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
