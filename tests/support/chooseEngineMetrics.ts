import { planDaemonSettings, readDaemonSettings } from "../../host/daemon/daemonSettings";
import { buildEngineLocation } from "../../host/daemon/engineLocation";
import { docker } from "./dockerCommands";

export type EngineMetrics = { mode: "managed"; address: string } | { mode: "off" };

/** The settings file of the machine's own engine. */
export const daemonJsonPath = "/etc/docker/daemon.json";

/**
 * How a test stack treats the engine's own setting: managed, unless that would restart an engine on which containers
 * run. Then it is left alone, and said so loudly.
 */
export async function chooseEngineMetrics(stackName: string): Promise<EngineMetrics> {
  const location = buildEngineLocation();
  const claimant = `glasshouse/${stackName}`;
  try {
    const { metricsAddress } = await readDaemonSettings(location, claimant);
    const address = typeof metricsAddress === "string" ? metricsAddress : "0.0.0.0:9323";
    const { restartNeeded } = await planDaemonSettings(location, {
      metricsAddress: address,
      claimant,
    });
    const running = await docker("ps", "--format", "{{.Names}}");
    if (!restartNeeded || running === "") return { mode: "managed", address };
    console.warn(
      `NOT TESTED: the engine's metrics. ${daemonJsonPath} would have to change and the engine to restart, and these ` +
        `containers run on it: ${running.split("\n").join(", ")}`,
    );
  } catch (error) {
    console.warn(`NOT TESTED: the engine's metrics. ${(error as Error).message}`);
  }
  return { mode: "off" };
}
