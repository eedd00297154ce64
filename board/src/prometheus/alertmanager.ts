import type { Labels } from "./api";

interface AlertmanagerAlert {
  readonly labels: Labels;
  readonly status: {
    readonly state: "active" | "suppressed" | "unprocessed";
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
  };
}

/** An alert that Alertmanager does not notify of. */
export interface SuppressedAlert {
  readonly labels: Labels;
  readonly reason: "silenced" | "inhibited";
}

export async function readSuppressed(signal: AbortSignal): Promise<readonly SuppressedAlert[]> {
  const response = await fetch("/alertmanager/api/v2/alerts", { signal });
  if (!response.ok) {
    throw new Error(`Alertmanager answered ${response.status}.`);
  }
  return listSuppressed((await response.json()) as readonly AlertmanagerAlert[]);
}

export function listSuppressed(alerts: readonly AlertmanagerAlert[]): SuppressedAlert[] {
  return alerts.flatMap(({ labels, status }): SuppressedAlert[] =>
    status.silencedBy.length > 0
      ? [{ labels, reason: "silenced" }]
      : status.inhibitedBy.length > 0
        ? [{ labels, reason: "inhibited" }]
        : [],
  );
}

/** Why Alertmanager keeps an alert of Prometheus to itself. There it has Prometheus' external labels, too. */
export function findSuppression(
  suppressed: readonly SuppressedAlert[],
  labels: Labels,
): SuppressedAlert["reason"] | undefined {
  return suppressed.find((alert) =>
    Object.entries(labels).every(([name, value]) => alert.labels[name] === value),
  )?.reason;
}
