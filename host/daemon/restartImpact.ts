import type { DaemonKeys } from "./daemonJson";
import type { EngineFacts } from "../docker/detectEngine";

/** What a restart of the engine does to the containers that run on it. */
export interface RestartImpact {
  readonly kind: "none running" | "keep running" | "stop" | "unknown";
  readonly running: number;
  /** How they are kept, or why they cannot be: half a sentence. */
  readonly reason: string;
  /** Names of containers that go although the others are kept. @default none */
  readonly lost?: readonly string[];
}

const inSwarmReason = "the engine is in a Swarm, where live-restore is unavailable";

/** What a decision about the containers rests on. */
export interface FateFacts {
  readonly facts: EngineFacts;
  /** The keys of daemon.json, without any that an earlier restart has left. */
  readonly keys: DaemonKeys;
  /** `engineMetrics.keepContainers` */
  readonly keepContainers: boolean;
  /** Whether an earlier restart with live-restore was cut short. */
  readonly isCutShort: boolean;
  /** Whether the engine's process is known, so that it can be told to read its settings. */
  readonly isProcessKnown: boolean;
  /** The value of the flag `--live-restore` that the engine was started with; `undefined` without. */
  readonly flag: string | undefined;
}

/** Decides what becomes of running containers when the engine restarts. */
export function findRestartImpact(given: FateFacts): RestartImpact {
  const { facts, keys, keepContainers, isCutShort, isProcessKnown, flag } = given;
  const { containersRunning: running, kind } = facts;
  const fate = (kind: RestartImpact["kind"], reason = ""): RestartImpact => ({
    kind,
    running,
    reason,
  });
  if (isCutShort) return fate("keep running", "live-restore, for the time of the restart");
  if (kind === "unreachable") return fate("unknown");
  if (running === 0) return fate("none running");
  if (facts.inSwarm) {
    // dockerd refuses the two together.
    return fate("stop", inSwarmReason);
  }
  if (facts.liveRestore && keys["live-restore"] !== false) {
    return fate("keep running", "live-restore is on");
  }
  if (flag !== undefined) {
    return fate("stop", `the engine is started with the flag --live-restore=${flag}`);
  }
  if (!keepContainers) return fate("stop", "engineMetrics.keepContainers is false");
  if (!isProcessKnown) {
    return fate("stop", "its process was not found, so live-restore cannot be switched on before");
  }
  return fate("keep running", "live-restore, for the time of the restart");
}

/** Whether a person should think twice. */
export function isHarmful({ kind, lost = [] }: RestartImpact): boolean {
  return kind === "stop" || lost.length > 0;
}

/** One sentence for a person who is about to say yes to a restart. */
export function renderRestart({ kind, running, reason, lost = [] }: RestartImpact): string {
  const containers = running === 1 ? "its container" : `its ${running} containers`;
  switch (kind) {
    case "none running":
      return "The Docker Engine restarts; no containers run on it.";
    case "keep running": {
      const kept = running === 0 ? "its containers" : containers;
      const keep = running === 1 ? "keeps" : "keep";
      const gone =
        lost.length === 0
          ? ""
          : `, but not ${lost.join(" and ")}: engines before 24.0.8 remove what was started with --rm`;
      return `The Docker Engine restarts; ${kept} ${keep} running (${reason})${gone}. Published ports and Docker's DNS pause until it is back.`;
    }
    case "stop":
      return `The Docker Engine restarts, which stops ${containers}, because ${reason}. Those with a restart policy come back by themselves.`;
    case "unknown":
      return "The Docker Engine does not answer this user, so what its restart would stop is unknown; if it is down, it is started.";
  }
}

/** The same about the engine of another node of a Swarm: which one, and that its node is drained first. */
export function renderNodeRestart(uri: string, impact: RestartImpact): string {
  if (impact.kind === "stop" && impact.reason === inSwarmReason) {
    return `The Docker Engine of ${uri} restarts. Its node is drained first, so that the Swarm runs its replicas on other nodes, and put back afterwards. Containers that are no replicas stop with the engine; those with a restart policy come back by themselves.`;
  }
  return renderRestart(impact).replace("The Docker Engine", `The Docker Engine of ${uri}`);
}
