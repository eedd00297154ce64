import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import type { EngineKind } from "../engine/detectEngine";
import { buildStackLabels, type Deployment } from "./shared/deployment";
import { buildTakeOver } from "./shared/takeOver";

export interface HostArgs {
  readonly settings: Settings["host"];
  /** What answers at `settings.uri`. */
  readonly engineKind: EngineKind;
}

/** The Docker Engine that a stack is deployed to, and the names that the stack uses on it. */
export class Host extends pulumi.ComponentResource {
  readonly deployment: Deployment;

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:host:Host", name, {}, opts);
    const dockerHost = args.settings.uri;
    const labels = buildStackLabels();
    this.deployment = {
      dockerHost,
      engineKind: args.engineKind,
      dockerProvider: new docker.Provider(`${name}-engine`, { host: dockerHost }, { parent: this }),
      prefix: `${pulumi.getProject()}-${pulumi.getStack()}`,
      labels,
      takeOver: buildTakeOver(dockerHost, labels),
    };
    this.registerOutputs({});
  }
}
