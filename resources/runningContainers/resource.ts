import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { RunningContainersInputs } from "./inputs";

/** Keeps running containers as they are declared, and waits until they serve. */
export class RunningContainers extends HostResource {
  constructor(
    name: string,
    args: ResourceArgs<RunningContainersInputs>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("RunningContainers", name, { ...args, drift: undefined }, opts);
  }
}
