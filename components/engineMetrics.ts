import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { EngineMetricsSettings } from "../config/settings/settings";
import type { DockerHost } from "../host/access/dockerHost";
import { isHarmful, renderNodeRestart, renderRestart } from "../host/daemon/restartImpact";
import { locateEngine } from "../host/daemon/engineLocation";
import type { DaemonSettingsPlan } from "../host/daemon/prepareChange";
import { DaemonSettings } from "../resources/daemonSettings/resource";
import type { Deployment } from "./shared/deployment";

export interface EngineMetricsArgs {
  readonly deployment: Deployment;
  readonly settings: EngineMetricsSettings;
  /** Other nodes of the Swarm, whose engines are kept alike, one after the other. */
  readonly nodes: readonly DockerHost[];
}

type Plan = () => Promise<DaemonSettingsPlan | undefined>;

/**
 * The engine's own metrics: kept in daemon.json (`managed`), taken as they are (`external`), or left alone (`off`).
 */
export class EngineMetrics extends pulumi.ComponentResource {
  /** The stack output that is there unless the mode is `off`: where the engine serves its metrics. */
  readonly outputs: { engineMetricsAddress?: string };

  constructor(name: string, args: EngineMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:engine:EngineMetrics", name, {}, opts);
    const { deployment, settings, nodes } = args;
    const { mode, address, ...asked } = settings;
    const { dockerHost: host } = deployment;
    const claimant = `${pulumi.getProject()}/${pulumi.getStack()}`;
    const wanted = { metricsAddress: address, claimant };

    let last: DaemonSettings | undefined;
    for (const dockerHost of [host, ...nodes]) {
      const engine = { dockerHost, ...asked };
      const node = dockerHost === host ? undefined : dockerHost.uri;
      if (mode === "managed") {
        // One engine at a time: the others run the replicas of its node meanwhile.
        last = new DaemonSettings(
          `${name}-daemon-json${node === undefined ? "" : `-on-${node.slice("ssh://".length)}`}`,
          { ...wanted, ...engine, ...(node !== undefined && { manager: host }) },
          { parent: this, ...(last && { dependsOn: last }) },
        );
        this.showInPreview("The host's settings change", node, async () => {
          const { planDaemonSettings } = await loadDaemonSettings();
          return planDaemonSettings(locateEngine(engine), wanted);
        });
      } else {
        // Pulumi says that the resource goes, but not what that does to the host.
        this.showInPreview("The host's settings go back to what they were", node, async () => {
          const { planDaemonSettingsRelease } = await loadDaemonSettings();
          return planDaemonSettingsRelease(locateEngine(engine), claimant);
        });
      }
    }

    this.outputs = mode === "off" ? {} : { engineMetricsAddress: address };
    this.registerOutputs(this.outputs);
  }

  private showInPreview(title: string, node: string | undefined, plan: Plan): void {
    if (pulumi.runtime.isDryRun()) void this.showPlan(title, node, plan);
  }

  /**
   * Shows in a preview what would change in daemon.json, as text, and what that does to the host.
   *
   * @param node undefined for the stack's own host
   */
  private async showPlan(title: string, node: string | undefined, plan: Plan): Promise<void> {
    const onNode = node === undefined ? "" : `${node}: `;
    try {
      const planned = await plan();
      if (planned === undefined) return;
      const { diff, warnings, containers } = planned;
      if (diff !== "") await pulumi.log.info(`${onNode}${title}:\n${diff.trimEnd()}`, this);
      if (containers !== undefined) {
        const show = isHarmful(containers) ? pulumi.log.warn : pulumi.log.info;
        const isOwn = node === undefined;
        await show(isOwn ? renderRestart(containers) : renderNodeRestart(node, containers), this);
      }
      for (const warning of warnings) await pulumi.log.warn(`${onNode}${warning}`, this);
    } catch (error) {
      // A preview tells what an update would run into, and goes on to show the rest.
      await pulumi.log.warn(
        `${onNode}The engine's settings cannot be changed as asked: ${(error as Error).message}`,
        this,
      );
    }
  }
}

/** Only a preview plans the change, and first sends off what it declares. */
async function loadDaemonSettings() {
  await setImmediate();
  return import("../host/daemon/daemonSettings");
}
