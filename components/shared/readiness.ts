import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "./hostResource";

export interface ReadinessArgs {
  readonly dockerHost: string;
  /** Ids of the containers to wait for, by name. */
  readonly containers: Record<string, pulumi.Input<string>>;
  readonly timeoutSeconds: number;
  /** Limit of processes and threads in each of them. */
  readonly pids: number;
}

/** Limits the processes of containers and waits until they run and are healthy; see `providers/readiness.ts`. */
export class Readiness extends HostResource {
  constructor(name: string, args: ReadinessArgs, opts?: pulumi.CustomResourceOptions) {
    super("Readiness", "readiness", name, args, opts);
  }
}
