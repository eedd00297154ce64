import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type { EngineMetricsSettings } from "../config/settings/settings";
import { isHarmful, renderRestart } from "../host/daemon/restartImpact";
import { locateEngine } from "../host/daemon/engineLocation";
import type { DaemonSettingsPlan } from "../host/daemon/prepareChange";
import { DaemonSettings } from "../resources/daemonSettings/resource";
import type { Deployment } from "./shared/deployment";

export interface EngineMetricsArgs {
  readonly deployment: Deployment;
  readonly settings: EngineMetricsSettings;
}

type DaemonSettingsModule = typeof import("../host/daemon/daemonSettings");

/** Only a preview plans the change; see "Why the program is loaded by tsx" in docs/architecture.md on `require`. */
const load = createRequire(__filename);

/**
 * The engine's own metrics: kept in daemon.json (`managed`), taken as they are (`external`), or left alone (`off`).
 */
export class EngineMetrics extends pulumi.ComponentResource {
  /** The stack output that is there unless the mode is `off`: where the engine serves its metrics. */
  readonly outputs: { engineMetricsAddress?: string };

  constructor(name: string, args: EngineMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:engine:EngineMetrics", name, {}, opts);
    const { deployment, settings } = args;
    const { mode, address, daemonJson, restart, restartCommand, keepContainers } = settings;
    const { dockerHost } = deployment;
    const engine = { dockerHost, daemonJson, restart, restartCommand, keepContainers };
    const claimant = `${pulumi.getProject()}/${pulumi.getStack()}`;

    if (mode === "managed") {
      const wanted = { metricsAddress: address, claimant };
      const daemonSettings = { ...wanted, ...engine };
      new DaemonSettings(`${name}-daemon-json`, daemonSettings, { parent: this });
      this.showInPreview("The host's settings change", () =>
        loadDaemonSettings().planDaemonSettings(locateEngine(engine), wanted),
      );
    } else {
      // Pulumi says that the resource goes, but not what that does to the host.
      this.showInPreview("The host's settings go back to what they were", () =>
        loadDaemonSettings().planDaemonSettingsRelease(locateEngine(engine), claimant),
      );
    }

    this.outputs = mode === "off" ? {} : { engineMetricsAddress: address };
    this.registerOutputs(this.outputs);
  }

  private showInPreview(title: string, plan: () => Promise<DaemonSettingsPlan | undefined>): void {
    if (pulumi.runtime.isDryRun()) void this.showPlan(title, plan);
  }

  /** Shows in a preview what would change in daemon.json, as text, and what that does to the host. */
  private async showPlan(
    title: string,
    plan: () => Promise<DaemonSettingsPlan | undefined>,
  ): Promise<void> {
    try {
      const planned = await plan();
      if (planned === undefined) return;
      const { diff, warnings, containers } = planned;
      if (diff !== "") await pulumi.log.info(`${title}:\n${diff.trimEnd()}`, this);
      if (containers !== undefined) {
        const show = isHarmful(containers) ? pulumi.log.warn : pulumi.log.info;
        await show(renderRestart(containers), this);
      }
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

function loadDaemonSettings(): DaemonSettingsModule {
  return load("../host/daemon/daemonSettings") as DaemonSettingsModule;
}
