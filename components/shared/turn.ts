import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "./hostResource";

export interface TurnArgs {
  readonly dockerHost: string;
  /** Ids of the replicas whose turn comes before, by name. */
  readonly before: Record<string, pulumi.Input<string>>;
  readonly timeoutSeconds: number;
}

/** Lets the next replicas be replaced only when those before them do their work again; see `providers/turn.ts`. */
export class Turn extends HostResource {
  constructor(name: string, args: TurnArgs, opts?: pulumi.CustomResourceOptions) {
    super("Turn", name, args, opts);
  }
}
