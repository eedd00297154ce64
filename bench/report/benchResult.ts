import type { PeerId } from "../peers/peer";
import type { RowId } from "../rows/rows";

/** What one peer took for one row, by round. */
export type RowValues = Readonly<Partial<Record<PeerId, readonly number[]>>>;

/** A phase of `npm run up`. */
export interface Phase {
  readonly title: string;
  readonly seconds: number;
}

export interface UpPhases {
  /** In a fresh copy of the checkout. */
  readonly first: readonly Phase[];
  /** Again, with nothing to do. */
  readonly second: readonly Phase[];
}

/** One run of the bench: what `docs/benchmarks.json` holds. Fields are only ever added, or `version` counts up. */
export interface BenchResult {
  readonly version: 1;
  readonly date: string;
  readonly rounds: number;
  readonly machine: {
    readonly cores: number;
    readonly memoryGb: number;
    readonly system: string;
    readonly node: string;
    readonly engine: string;
    /** Load average of a minute before the run began: above 0.5 the machine was not quiet. */
    readonly loadBefore: number;
  };
  readonly peers: Readonly<
    Partial<
      Record<
        PeerId,
        | {
            readonly title: string;
            /** Whether it made fewer replicas in fewer rounds; see `Peer`. */
            readonly isSlow?: boolean;
            /** Where it failed; what it was to do after that is not measured. */
            readonly failed?: string;
          }
        | { readonly missing: string }
      >
    >
  >;
  readonly rows: Readonly<Partial<Record<RowId, RowValues>>>;
  readonly upPhases?: UpPhases;
}
