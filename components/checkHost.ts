import type { Settings } from "../config/settings";
import { buildDockerHost } from "../host/access/dockerHost";
import type { EngineKind } from "../host/docker/detectEngine";
import { listContainers, type ListedContainer } from "../host/docker/listContainers";
import { rejectAppDataLoss } from "./preflight/rejectAppDataLoss";
import { rejectTakenPorts } from "./preflight/rejectTakenPorts";
import { rejectUnreachableHost } from "./preflight/rejectUnreachableHost";
import { rejectUnsupportedEngine } from "./preflight/rejectUnsupportedEngine";

/** What is on the host before anything is touched. */
export interface CheckedHost {
  readonly engineKind: EngineKind;
  /** All containers, running or not; none of an engine that does not answer, which is the Docker provider's to report. */
  readonly containers: readonly ListedContainer[];
}

/**
 * Refuses what would fail half-way: a host that cannot be reached, an engine that cannot do what the settings ask for, a taken
 * port, and data that would be lost.
 *
 * @throws pulumi.RunError with what to do, before anything is touched
 */
export async function checkHost(settings: Settings): Promise<CheckedHost> {
  const { uri, certPath } = settings.host;
  await rejectUnreachableHost(settings.host);
  const engineKind = await rejectUnsupportedEngine(settings);
  const containers = await listContainers(buildDockerHost(uri, certPath)).catch(() => undefined);
  if (containers === undefined) return { engineKind, containers: [] };
  await rejectTakenPorts(settings, containers);
  await rejectAppDataLoss(settings, containers);
  return { engineKind, containers };
}
