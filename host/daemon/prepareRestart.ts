import { findRestartImpact, type RestartImpact } from "./restartImpact";
import { parseDaemonJson, type DaemonKeys } from "./daemonJson";
import type { EngineLocation } from "./engineLocation";
import { findEngineProcess, readFlag } from "./engineProcess";
import { readHostGatewayKey } from "./hostGateway";
import { readLostContainers } from "./readLostContainers";
import type { DaemonState } from "./daemonState";

/** How the engine is to be restarted. */
export interface PreparedRestart {
  readonly containers: RestartImpact;
  /** What daemon.json says for the time of the restart only. */
  readonly keys: DaemonKeys;
  /** Whether the running engine has to be told before it stops. */
  readonly switchesOn: boolean;
}

/** Keys that a restart with live-restore is about, on the command line or in the file. */
const relevantFlags = ["live-restore", "host-gateway-ip"] as const;

/**
 * Decides what a restart does to the containers and what has to stand in daemon.json meanwhile; changes nothing.
 *
 * @param after the text of daemon.json once the restart is over
 */
export async function prepareRestart(
  location: EngineLocation,
  { facts, keys, page }: DaemonState,
  after: string | undefined,
): Promise<PreparedRestart> {
  const note = page.duringRestart;
  const isDown = facts.kind === "unreachable";
  const argv = await readEngineArguments(location);
  const flag = readFlag(argv ?? [], "live-restore");
  const containers = findRestartImpact({
    facts,
    keys,
    keepContainers: location.keepContainers,
    isCutShort: note !== undefined && isDown,
    isProcessKnown: argv !== undefined,
    flag,
  });
  if (containers.kind !== "keep running") return { containers, keys: {}, switchesOn: false };
  if (note !== undefined && isDown) {
    const written = readKeys(note.texts[0]);
    const kept = Object.keys(note.keys).filter((key) => key in written);
    const entries = kept.map((key) => [key, written[key]] as const);
    return { containers, keys: Object.fromEntries(entries), switchesOn: false };
  }
  const afterKeys = readKeys(after);
  const isOwners = afterKeys["live-restore"] === true || flag !== undefined;
  const setElsewhere = [...Object.keys(afterKeys), ...findFlags(argv ?? [])];
  const lost = await readLostContainers(location, facts.version);
  return {
    containers: lost.length === 0 ? containers : { ...containers, lost },
    keys: {
      ...(isOwners ? {} : { "live-restore": true }),
      ...(await readHostGatewayKey(location, facts.version, setElsewhere)),
    },
    switchesOn: !facts.liveRestore,
  };
}

/** The running engine's command line; `undefined` when its process is not known. */
export async function readEngineArguments({
  host,
  pidFile,
}: EngineLocation): Promise<readonly string[] | undefined> {
  const running = await findEngineProcess(host, pidFile).catch(() => undefined);
  return running?.argv;
}

/** Those of the relevant keys that an engine was given as flags. */
export function findFlags(argv: readonly string[]): readonly string[] {
  return relevantFlags.filter((key) => readFlag(argv, key) !== undefined);
}

function readKeys(text: string | undefined): DaemonKeys {
  const parsed = parseDaemonJson(text ?? "");
  return parsed.problem === undefined ? parsed.keys : {};
}
