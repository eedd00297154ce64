import type { EngineLocation } from "../daemon/engineLocation";

/** What answers on the socket; `unreachable` when nothing does. */
export type EngineKind =
  "engine" | "docker-desktop" | "rootless" | "podman" | "windows" | "unreachable";

/** What is known about an engine. */
export interface EngineFacts {
  readonly kind: EngineKind;
  /** Such as "29.1.3"; `undefined` when it could not be found out. */
  readonly version: string | undefined;
  /** The engine's own id, which its measurements carry too. */
  readonly id: string | undefined;
  /** Whether `metrics-addr` takes `"experimental": true` beside it. */
  readonly experimentalNeeded: boolean;
  /** Whether containers survive a restart of the engine. */
  readonly liveRestore: boolean;
  readonly inSwarm: boolean;
  readonly containersRunning: number;
  /** Why its settings cannot be managed here and what to do instead; `undefined` when they can. */
  readonly advice: string | undefined;
  /** `undefined` when it does not answer. */
  readonly storage: EngineStorage | undefined;
}

/** Where an engine keeps its data. */
export interface EngineStorage {
  /** Name of its host. */
  readonly hostname: string;
  readonly dataRoot: string;
  readonly storageDriver: string;
}

interface VersionAnswer {
  readonly Version?: string;
  readonly Os?: string;
  readonly Platform?: { readonly Name?: string };
  readonly Components?: readonly { readonly Name?: string }[];
}

interface InfoAnswer {
  readonly ID?: string;
  readonly Name?: string;
  readonly DockerRootDir?: string;
  readonly Driver?: string;
  readonly OperatingSystem?: string;
  readonly SecurityOptions?: readonly string[] | null;
  readonly LiveRestoreEnabled?: boolean;
  readonly ContainersRunning?: number;
  readonly ContainersPaused?: number;
  readonly Swarm?: { readonly LocalNodeState?: string };
}

/** Why an engine's settings cannot be managed here and what to do instead; `undefined` when they can. */
export const adviceByKind: Readonly<Record<EngineKind, string | undefined>> = {
  engine: undefined,
  "docker-desktop":
    'This is Docker Desktop, which keeps the engine\'s settings to itself. Set "metrics-addr": "127.0.0.1:9323" in Settings > Docker Engine, press "Apply & restart", and write `glasshouse:engineMetrics: { mode: external }` into the stack file; without the engine\'s own metrics: `{ mode: "off" }`.',
  rootless:
    'This engine runs rootless, with a settings file of its user. Set "metrics-addr": "0.0.0.0:9323" in ~/.config/docker/daemon.json (before engine 24 also "experimental": true), run "systemctl --user restart docker", and write `glasshouse:engineMetrics: { mode: external }` into the stack file; without the engine\'s own metrics: `{ mode: "off" }`.',
  podman:
    'This is Podman, which has no measurements of its own. Write `glasshouse:engineMetrics: { mode: "off" }` into the stack file; apps are monitored all the same.',
  windows:
    'This engine runs Windows containers, whose settings are not managed here. Set "metrics-addr" in C:\\ProgramData\\docker\\config\\daemon.json, restart the docker service, and use the mode "external" here.',
  unreachable: undefined,
};

/**
 * Asks the engine what it is. Never throws for an engine that is down: it then is `unreachable`, and the version is
 * that of the dockerd program, if there is one.
 *
 * @see https://docs.docker.com/reference/api/engine/
 */
export async function detectEngine(location: EngineLocation): Promise<EngineFacts> {
  const [version, info] = await Promise.all([
    readJson<VersionAnswer>(location, "/version"),
    readJson<InfoAnswer>(location, "/info"),
  ]);
  const kind =
    version === undefined && info === undefined
      ? "unreachable"
      : findEngineKind(version ?? {}, info ?? {});
  const number = version?.Version ?? (await readProgramVersion(location));
  return {
    kind,
    version: number,
    id: info?.ID,
    experimentalNeeded: isExperimentalNeeded(number),
    liveRestore: info?.LiveRestoreEnabled ?? false,
    inSwarm: !["", "inactive"].includes(info?.Swarm?.LocalNodeState ?? ""),
    // A paused container has processes too.
    containersRunning: (info?.ContainersRunning ?? 0) + (info?.ContainersPaused ?? 0),
    advice: adviceByKind[kind],
    storage: info && {
      hostname: info.Name ?? "",
      dataRoot: info.DockerRootDir ?? "",
      storageDriver: info.Driver ?? "",
    },
  };
}

/** Whether the engine runs with live-restore now; `undefined` when it does not answer. */
export async function readLiveRestore(location: EngineLocation): Promise<boolean | undefined> {
  const info = await readJson<InfoAnswer>(location, "/info");
  return info === undefined ? undefined : (info.LiveRestoreEnabled ?? false);
}

/** Tells engines apart by their answers to `/version` and `/info`. */
export function findEngineKind(version: VersionAnswer, info: InfoAnswer): EngineKind {
  if ((version.Components ?? []).some(({ Name }) => Name === "Podman Engine")) return "podman";
  const names = [version.Platform?.Name, info.OperatingSystem, info.Name];
  if (names.some((name) => /docker[ -]desktop/i.test(name ?? ""))) return "docker-desktop";
  if (version.Os === "windows") return "windows";
  if ((info.SecurityOptions ?? []).some((option) => /^name=rootless\b/.test(option))) {
    return "rootless";
  }
  return "engine";
}

/**
 * Whether an engine wants `"experimental": true` beside `metrics-addr`. Up to 19.03 it refuses to start without
 * (moby#40427 took that away in 20.10); Docker's own instructions asked for it until 24, and up to there it does no harm.
 * An unknown version counts as a new one.
 */
function isExperimentalNeeded(version: string | undefined): boolean {
  const major = Number.parseInt(version ?? "", 10);
  return Number.isFinite(major) && major < 24;
}

async function readJson<T>(
  { host, socketPath }: EngineLocation,
  path: string,
): Promise<T | undefined> {
  try {
    const { status, text } = await host.fetchText({
      url: `http://localhost${path}`,
      socketPath,
      timeoutSeconds: 10,
    });
    return status === 200 ? (JSON.parse(text) as T) : undefined;
  } catch {
    // Down, or not an engine at all: the caller sees that both answers are missing.
    return undefined;
  }
}

async function readProgramVersion({ host }: EngineLocation): Promise<string | undefined> {
  try {
    const { stdout } = await host.run(["dockerd", "--version"]);
    return /version (\d[^\s,]*)/.exec(stdout)?.[1];
  } catch {
    // A host that cannot be reached, or of which nothing but the engine is reached.
    return undefined;
  }
}
