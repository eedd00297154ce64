import type { ImmutableResource } from "../immutableResource";

export interface OverlayNetworkInputs extends ImmutableResource {
  readonly labels: Readonly<Record<string, string>>;
  /** Addresses of the network, as `a.b.c.d/bits`; without them the Swarm chooses. */
  readonly subnet?: string;
  /** Whether no way leads out of it. Default: false */
  readonly internal?: boolean;
}
