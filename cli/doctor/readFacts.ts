import { detectEngine } from "../../host/docker/detectEngine";
import { localDockerHost } from "../../host/access/dockerHost";
import { buildEngineLocation, locateApi } from "../../host/daemon/engineLocation";
import { pingEngine } from "../../host/daemon/engineProbe";
import { readMessage } from "../../host/daemon/engineSettingsError";
import { isDeadLock, readLocks } from "../ensureStack";
import { tryPulumi, type PulumiSession } from "../pulumiSession";
import type { Facts, LastUpdate, Reading } from "./facts";
import { readAlertmanager } from "./readAlertmanager";
import { readHost } from "./readHost";
import { readMetrics } from "./readMetrics";
import { readPlan } from "./readPlan";
import { readPrometheus } from "./readPrometheus";
import { parseStackState, type StackExport } from "./parseStackState";
import type { StackState } from "./stackState";

/** Reads everything that the checks are about; changes nothing. */
export async function readFacts(session: PulumiSession, stack: string): Promise<Facts> {
  const state = await readState(session, stack);
  const deployed = "value" in state && !state.value.isEmpty ? state.value : undefined;
  const dockerHost = deployed?.dockerHost ?? localDockerHost;
  const location = buildEngineLocation(locateApi(dockerHost));
  const [engine, engineProblem, lastUpdate] = await Promise.all([
    detectEngine(location),
    pingEngine(location),
    readLastUpdate(session, stack),
  ]);
  const locks = readLocks(session, stack).map((lock) => ({ ...lock, isDead: isDeadLock(lock) }));
  const base = { stack, engine, engineProblem, dockerHost, state, locks, lastUpdate };
  if (deployed === undefined || engine.kind === "unreachable") {
    return {
      ...base,
      plan: undefined,
      metrics: undefined,
      host: undefined,
      prometheus: undefined,
      alertmanager: undefined,
    };
  }
  const [plan, metrics, host, prometheus, alertmanager] = await Promise.all([
    readPlan(session, stack),
    readMetrics(deployed, location, engine.id),
    readHost(deployed, stack),
    readPrometheus(deployed),
    readAlertmanager(deployed),
  ]);
  return { ...base, plan, metrics, host, prometheus, alertmanager };
}

async function readState(session: PulumiSession, stack: string): Promise<Reading<StackState>> {
  // Without --show-secrets: what is encrypted stays so.
  const { exitCode, stdout, stderr } = await tryPulumi(
    session,
    "stack",
    "export",
    "--stack",
    stack,
  );
  if (exitCode === 0) return { value: parseStackState(JSON.parse(stdout) as StackExport) };
  return /no stack named|not found/i.test(stderr)
    ? { problem: `there is no stack ${stack} yet` }
    : { problem: `its state cannot be read: ${readMessage(new Error(stderr.trim()))}` };
}

async function readLastUpdate(
  session: PulumiSession,
  stack: string,
): Promise<LastUpdate | undefined> {
  const { exitCode, stdout } = await tryPulumi(
    session,
    ...["stack", "history", "--json", "--page-size", "1", "--stack", stack],
  );
  if (exitCode !== 0) return undefined;
  return (JSON.parse(stdout) as LastUpdate[])[0];
}
