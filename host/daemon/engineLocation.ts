import { EngineSettingsError } from "./engineSettingsError";
import { type DockerHost, parseDockerHost } from "../access/dockerHost";
import type { HostAccess } from "../access/hostAccess";
import { LocalHost } from "../access/localHost";
import { openHost } from "../access/openHost";

const usualDaemonJsonPath = "/etc/docker/daemon.json";
const usualSocketPath = "/var/run/docker.sock";

/**
 * How the engine is restarted: by `systemd`, by this program itself (`direct`, for machines without an init system), by
 * a `command` of the user's own, or whichever of the first two fits (`auto`).
 */
export type RestartMethod = "auto" | "systemd" | "direct" | "command";

/** One Docker Engine of one host, and where its things are. */
export interface EngineLocation {
  readonly host: HostAccess;
  /** The engine's own settings file. @default "/etc/docker/daemon.json" */
  readonly daemonJsonPath: string;
  /** Holds the ledger, the backups and the lock, for root alone. @default "/var/lib/glasshouse" */
  readonly stateFolder: string;
  /** As the host itself sees it; for an engine over TCP, its URI. @default "/var/run/docker.sock" */
  readonly socketPath: string;
  /** Where dockerd notes its process id, unless daemon.json names another file. @default "/var/run/docker.pid" */
  readonly pidFile: string;
  /** Where an engine that is started directly writes to. @default "/var/log/glasshouse/dockerd.log" for the usual file */
  readonly logPath: string;
  /** @default "auto" */
  readonly restartMethod: RestartMethod;
  /** The program and its arguments for the method `command`. @default none */
  readonly restartCommand: readonly string[];
  /** Whether live-restore may be switched on for the time of a restart. @default true */
  readonly keepContainers: boolean;
  /** For the engine to stop, and again to answer after a start. @default 60 */
  readonly waitSeconds: number;
  /** For a running engine to take a changed setting. @default 15 */
  readonly reloadWaitSeconds: number;
  /** For `/metrics` to answer once the engine does. @default 15 */
  readonly metricsWaitSeconds: number;
}

/**
 * Fills in the defaults.
 *
 * @throws EngineSettingsError when `restartCommand` and `restartMethod` do not fit together
 */
export function buildEngineLocation(given: Partial<EngineLocation> = {}): EngineLocation {
  const daemonJsonPath = given.daemonJsonPath ?? usualDaemonJsonPath;
  const location: EngineLocation = {
    host: given.host ?? new LocalHost(),
    daemonJsonPath,
    stateFolder: given.stateFolder ?? "/var/lib/glasshouse",
    socketPath: given.socketPath ?? usualSocketPath,
    pidFile: given.pidFile ?? "/var/run/docker.pid",
    logPath:
      given.logPath ?? `/var/log/glasshouse/dockerd${findFileSuffix({ daemonJsonPath })}.log`,
    restartMethod: given.restartMethod ?? "auto",
    restartCommand: given.restartCommand ?? [],
    keepContainers: given.keepContainers ?? true,
    waitSeconds: given.waitSeconds ?? 60,
    reloadWaitSeconds: given.reloadWaitSeconds ?? 15,
    metricsWaitSeconds: given.metricsWaitSeconds ?? 15,
  };
  const hasCommand = location.restartCommand.length > 0;
  if ((location.restartMethod === "command") !== hasCommand) {
    throw new EngineSettingsError(
      hasCommand
        ? `A restart command is given, but the restart method is "${location.restartMethod}": set the method to "command", or remove the command.`
        : 'The restart method is "command", but no command is given: set it as a list, such as ["service", "docker", "restart"].',
    );
  }
  return location;
}

/**
 * Ends the names of an engine's own files in shared folders, such as backups and logs; empty for the engine with the
 * usual settings file.
 */
export function findFileSuffix({ daemonJsonPath }: Pick<EngineLocation, "daemonJsonPath">): string {
  if (daemonJsonPath === usualDaemonJsonPath) return "";
  return daemonJsonPath.replace(/[^A-Za-z0-9.]+/g, "-");
}

/** What a stack's settings say about the engine that it is deployed to. */
export interface EngineSettings {
  /** The engine. */
  readonly dockerHost: DockerHost;
  /** Path of the engine's settings file. */
  readonly daemonJson: string;
  readonly restart: RestartMethod;
  readonly restartCommand: readonly string[];
  /** @default true */
  readonly keepContainers?: boolean;
}

/** Where the engine of a stack's settings is. */
export function locateEngine({
  dockerHost,
  daemonJson,
  restart,
  restartCommand,
  keepContainers = true,
}: EngineSettings): EngineLocation {
  return buildEngineLocation({
    ...locateApi(dockerHost),
    daemonJsonPath: daemonJson,
    restartMethod: restart,
    restartCommand,
    keepContainers,
  });
}

/** The host of an engine, and how its API is found there. */
export function locateApi(dockerHost: DockerHost): Pick<EngineLocation, "host" | "socketPath"> {
  const parsed = parseDockerHost(dockerHost);
  const host = openHost(dockerHost);
  switch (parsed.kind) {
    case "unix":
      return { host, socketPath: parsed.socketPath };
    case "ssh":
      return { host, socketPath: usualSocketPath };
    case "tcp":
      return { host, socketPath: dockerHost.uri };
  }
}

/** The command that a person would type to restart this engine. */
export function renderRestartByHand(location: EngineLocation): string {
  switch (location.restartMethod) {
    case "command":
      return location.restartCommand.join(" ");
    case "direct":
      return `stop dockerd (kill $(cat ${location.pidFile})) and start it again`;
    case "systemd":
      return "systemctl reset-failed docker; systemctl restart docker";
    case "auto":
      return `systemctl restart docker, or without systemd: stop dockerd (process $(cat ${location.pidFile})) and start it again`;
  }
}
