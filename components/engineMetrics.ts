import * as pulumi from "@pulumi/pulumi";
import type { EngineMetricsSettings } from "../config/settings";
import { planDaemonSettings } from "../engine/daemonSettings";
import { locateEngine } from "../engine/engineLocation";
import { DaemonSettings } from "./shared/daemonSettings";
import type { Deployment } from "./shared/deployment";

export interface EngineMetricsArgs {
  readonly deployment: Deployment;
  readonly settings: EngineMetricsSettings;
}

/**
 * The engine's own metrics: kept in daemon.json (`managed`), taken as they are (`external`), or left alone (`off`).
 */
export class EngineMetrics extends pulumi.ComponentResource {
  /** The stack output that is there unless the mode is `off`: where the engine serves its metrics. */
  readonly outputs: { engineMetricsAddress?: string };

  constructor(name: string, args: EngineMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:engine:EngineMetrics", name, {}, opts);
    const { deployment, settings } = args;
    const { mode, address, daemonJson, restart, restartCommand } = settings;

    if (mode === "managed") {
      const wanted = {
        metricsAddress: address,
        claimant: `${pulumi.getProject()}/${pulumi.getStack()}`,
      };
      new DaemonSettings(
        `${name}-daemon-json`,
        { ...wanted, dockerHost: deployment.dockerHost, daemonJson, restart, restartCommand },
        { parent: this },
      );
      if (pulumi.runtime.isDryRun()) void this.showPlan(deployment, settings, wanted);
    }

    this.outputs = mode === "off" ? {} : { engineMetricsAddress: address };
    this.registerOutputs(this.outputs);
  }

  /** Shows in a preview what would change in daemon.json, as text, and what that does to the host. */
  private async showPlan(
    { dockerHost }: Deployment,
    { daemonJson, restart, restartCommand }: EngineMetricsSettings,
    wanted: { metricsAddress: string; claimant: string },
  ): Promise<void> {
    const location = locateEngine({ dockerHost, daemonJson, restart, restartCommand });
    try {
      const { diff, warnings, restartNeeded } = await planDaemonSettings(location, wanted);
      if (diff !== "")
        await pulumi.log.info(`The host's settings change:\n${diff.trimEnd()}`, this);
      if (restartNeeded) await pulumi.log.info("The Docker Engine will be restarted.", this);
      for (const warning of warnings) await pulumi.log.warn(warning, this);
    } catch (error) {
      // A preview tells what an update would run into, and goes on to show the rest.
      await pulumi.log.warn(
        `The engine's settings cannot be changed as asked: ${(error as Error).message}`,
        this,
      );
    }
  }
}
