import type { StackPlan } from "../stackPlan";
import type { Measured } from "../runMeasured";

/** One stack in the shape that a tool needs: what the program is told, and what it declares when told so. */
export interface Scenario {
  /** The stack's settings, by key, without `glasshouse:`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly plan: StackPlan;
  /** Names of the containers with a health check, their own or their image's: every tool waits for these. */
  readonly healthChecked: readonly string[];
}

/** A tool that can deploy a stack. All methods reject when the tool fails. */
export interface Peer {
  readonly id: PeerId;
  /** Name and version, for the table. */
  readonly title: string;
  /** Deploys a stack, or changes the deployed one into it, and waits until its containers do their work. */
  up: (scenario: Scenario) => Promise<Measured>;
  /** Shows what `up` would do; undefined for a tool that cannot. */
  preview: ((scenario: Scenario) => Promise<Measured>) | undefined;
  destroy: () => Promise<Measured>;
  /** Seconds that the load of our program takes within a preview; undefined for a tool that has no program. */
  measureLoad?: (scenario: Scenario) => Promise<number | undefined>;
  /**
   * A tool that takes minutes for many replicas: it makes 50 where others make 200, which is compared for each replica, and
   * scales in the first round only.
   */
  readonly isSlow?: true;
  /** Size of what the tool keeps to know what it deployed; 0 for one that keeps nothing. */
  readStateBytes: () => number;
  /** Removes what is left of the tool itself; what it deployed is removed by its name. */
  close: () => Promise<void>;
}

export const peerIds = ["glasshouse", "engine", "compose", "terraform", "ansible"] as const;
export type PeerId = (typeof peerIds)[number];

/** What every peer gets. */
export interface PeerContext {
  /** Starts the name of everything that the peer deploys. */
  readonly prefix: string;
  /** An empty folder of the peer's own. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A tool that cannot be set up here, with the reason. */
export class PeerMissing extends Error {}

/** Seconds within which a deployment has to be healthy, for all tools alike. */
export const startTimeoutSeconds = 300;
