import { readDaemonSettings } from "../../host/daemon/daemonSettings";
import { buildEngineLocation, type EngineLocation } from "../../host/daemon/engineLocation";
import { findMetricsProblem } from "../../host/daemon/engineProbe";
import { parseDockerHost } from "../../host/access/dockerHost";
import { readMessage } from "../../host/daemon/engineSettingsError";
import { readMetricsAddress } from "../../host/daemon/metricsAddress";
import type { Facts } from "./facts";
import type { StackState } from "./stackState";

/** What daemon.json, the ledger and the engine say about its measurements. */
export async function readMetrics(
  { metricsAddress, metricsSetting, dockerHost }: StackState,
  engineLocation: EngineLocation,
  engineId: string | undefined,
): Promise<Facts["metrics"]> {
  if (metricsAddress === undefined) return undefined;
  // Of that host only the engine's API is reached; whether Prometheus gets them is looked at anyway.
  if (parseDockerHost(dockerHost).kind === "tcp") return undefined;
  const address = readMetricsAddress(metricsAddress);
  const problem = await findMetricsProblem(engineLocation, address, engineId);
  if (metricsSetting === undefined) {
    return { value: { setting: undefined, isClaimed: undefined, problem } };
  }
  try {
    const location = buildEngineLocation({
      host: engineLocation.host,
      socketPath: engineLocation.socketPath,
      daemonJsonPath: metricsSetting.daemonJson,
    });
    const now = await readDaemonSettings(location, metricsSetting.claimant);
    // Only root may read the ledger.
    const isClaimed = (await location.host.isRoot()) ? now.isClaimed : undefined;
    return { value: { setting: now.metricsAddress, isClaimed, problem } };
  } catch (error) {
    return { problem: readMessage(error) };
  }
}
