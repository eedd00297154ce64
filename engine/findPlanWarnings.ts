import type { DaemonKeys } from "./daemonJson";
import { isSameValue } from "./daemonJsonEdit";
import type { EngineFacts } from "./detectEngine";

/** What a person should know before saying yes to a change of engine settings. */
export function findPlanWarnings(
  facts: EngineFacts,
  restartNeeded: boolean,
  current: DaemonKeys = {},
  desired: DaemonKeys = {},
): readonly string[] {
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(desired)) {
    if (!Object.hasOwn(current, key) || isSameValue(current[key], value)) continue;
    warnings.push(
      `"${key}" is ${JSON.stringify(current[key])} now and becomes ${JSON.stringify(value)}.`,
    );
  }
  if (restartNeeded) warnings.push(...findRestartWarnings(facts));
  return warnings;
}

function findRestartWarnings(facts: EngineFacts): readonly string[] {
  const { kind, containersRunning, liveRestore, inSwarm, version } = facts;
  if (kind === "unreachable") {
    return [
      version === undefined
        ? "No Docker Engine answers, so this is planned for a recent one."
        : "The Docker Engine does not answer this user, so what its restart would stop is unknown; if it is down, it is started.",
    ];
  }
  if (containersRunning === 0) return [];
  const count = `${containersRunning} running container${containersRunning === 1 ? "" : "s"}`;
  if (!liveRestore) {
    return [
      `The engine restarts, which stops ${count}. Those with a restart policy come back by themselves; "live-restore": true in daemon.json would keep them running.`,
    ];
  }
  // live-restore does not cover Swarm services (moby's own documentation).
  return inSwarm ? ["The engine restarts: live-restore does not keep Swarm services running."] : [];
}
