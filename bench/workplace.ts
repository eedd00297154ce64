import type Docker from "dockerode";
import type { BenchStack } from "./benchStack";
import type { Scenarios } from "./scenarios";

/** Everything that a run needs, and that goes with it. */
export interface Workplace {
  readonly stack: BenchStack;
  readonly docker: Docker;
  readonly scenarios: Scenarios;
  /** The chapter's stack with images that it builds itself. */
  readonly builtSettings: Readonly<Record<string, unknown>>;
  /** The same, with the dashboards page. */
  readonly pageSettings: Readonly<Record<string, unknown>>;
  readonly pageUrl: string;
  /** Many containers, and the exporters that measure them. */
  readonly watchedSettings: Readonly<Record<string, unknown>>;
  readonly prometheusUrl: string;
  readonly folder: string;
  /** For commands of ours that a run calls: what the network can reach, where the user said so. */
  readonly networkFlags: readonly string[];
  readonly signal: AbortSignal;
}
