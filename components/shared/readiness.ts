import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "./hostResource";

export interface ReadinessArgs {
  readonly dockerHost: string;
  /** Ids of the containers to wait for, by name. */
  readonly containers: Record<string, pulumi.Input<string>>;
  readonly timeoutSeconds: number;
  /** Limits of each of them: MiB, cores, and processes and threads. */
  readonly memoryMb: number;
  readonly cpus: number;
  readonly pids: number;
  /** Network that they are on, and the name that they answer to there. */
  readonly network: pulumi.Input<string>;
  readonly alias: string;
}

/** Keeps running containers as they are to be, and waits until they do their work; see `providers/readiness.ts`. */
export class Readiness extends HostResource {
  constructor(name: string, args: ReadinessArgs, opts?: pulumi.CustomResourceOptions) {
    super("Readiness", name, { ...args, drift: undefined }, opts);
  }
}
