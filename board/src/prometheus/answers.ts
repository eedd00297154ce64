import type { Labels } from "./api";

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/#targets */
export interface Target {
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly lastError: string;
  readonly lastScrape: string;
  readonly lastScrapeDuration: number;
  readonly health: "up" | "down" | "unknown";
  readonly scrapeInterval: string;
}

export interface Targets {
  readonly activeTargets: readonly Target[];
  readonly droppedTargetCounts?: Readonly<Record<string, number>> | null;
}

export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: "firing" | "pending" | "inactive";
  readonly activeAt?: string;
  readonly value: string;
}

/** Whether an alert tells of something wrong: the watchdog fires as long as all is well. */
export function isFault({ labels }: Pick<Alert, "labels">): boolean {
  return labels["severity"] !== "none";
}

export interface Rule {
  readonly type: "alerting" | "recording";
  readonly name: string;
  readonly query: string;
  /** Seconds that the condition has to hold. */
  readonly duration?: number;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly alerts?: readonly Alert[];
  readonly health: "ok" | "err" | "unknown";
  readonly lastError?: string;
  readonly state?: "firing" | "pending" | "inactive";
}

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/#rules */
export interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly file: string;
    readonly interval: number;
    readonly rules: readonly Rule[];
  }[];
}
