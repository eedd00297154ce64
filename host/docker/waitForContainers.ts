import type Docker from "dockerode";
import { askPort, type PortAnswer, readListeners } from "./askPort";
import { isNotFound } from "./connectDocker";
import { createEarlyHealthCheck } from "./earlyHealthCheck";
import { readLogTail } from "./readLogTail";
import { findStartHints } from "./startHints";

const pollMilliseconds = 250;
/** A command that cannot be run, or that does not exist: no later start finds it. */
const hopelessExitCodes: readonly number[] = [126, 127];
/** How long a container has to run on before it counts as up, without a health check and where no port tells. */
const steadyMilliseconds = 2000;
const logLines = 20;

/** The port by which containers without a health check show that they serve. */
export interface ServedPort {
  /** Inside the container. */
  readonly number: number;
  /** Whether somebody is known to use it. Otherwise it is waited for where the image says that it has it (`EXPOSE`). */
  readonly isUsed: boolean;
}

/**
 * Waits until containers serve: with a health check when they pass it (Docker says so, or it is run here first), else when their
 * port answers, else when they run on for a while. The Docker provider's own `wait` knows only health, lets a crashed container burn
 * the whole time-out, and leaves out its log.
 *
 * @param containers ids, by the names that a user knows the containers by
 * @param timeoutSeconds for each of them
 * @param port default: none tells
 * @throws Error that says of each failed container what happened, with its last log lines
 */
export async function waitForContainers(
  docker: Docker,
  containers: Readonly<Record<string, string>>,
  timeoutSeconds: number,
  port?: ServedPort,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const results = await Promise.allSettled(
    Object.entries(containers).map(([name, id]) =>
      waitForContainer(docker.getContainer(id), name, deadline, port),
    ),
  );
  const failures = results.filter((result) => result.status === "rejected");
  if (failures.length > 0) {
    throw new Error(failures.map(({ reason }) => (reason as Error).message).join("\n\n"));
  }
}

async function waitForContainer(
  container: Docker.Container,
  name: string,
  deadline: number,
  port: ServedPort | undefined,
): Promise<void> {
  let start = { at: "", seen: 0 };
  const passesEarly = createEarlyHealthCheck(container);
  for (;;) {
    const info = await inspect(container, name);
    const state = info.State;
    const health = state.Health?.Status ?? "none";
    if (state.StartedAt !== start.at) start = { at: state.StartedAt, seen: Date.now() };
    const runs = state.Running && !state.Restarting;
    if (runs && health === "healthy") return;
    const steadyAt = start.seen + steadyMilliseconds;
    let answer: PortAnswer = "unknown";
    if (runs && health === "none" && port !== undefined) {
      answer = await askPort(container, info, port.number, pollMilliseconds);
      // One that has crashed before may answer for a moment, and crash again.
      if (answer === "answers" && info.RestartCount === 0) return;
    }
    const isAwaited = answer === "silent" && isExpected(port, info);
    if (runs && health === "none" && !isAwaited && Date.now() >= steadyAt) return;
    if (runs && health === "starting" && (await passesEarly(info))) return;

    const ended = !state.Running && !state.Restarting && state.Status !== "created";
    const isHopeless = !runs && hopelessExitCodes.includes(state.ExitCode);
    const isLate = Date.now() > deadline;
    // An app may be too early for another one as often as it likes, within its time.
    if (ended || isHopeless || (isLate && !runs && state.Status !== "created")) {
      throw new Error(
        `${name} does not stay up: it ended with exit code ${state.ExitCode}` +
          (info.RestartCount > 0 ? ` and was restarted ${renderTimes(info.RestartCount)}` : "") +
          (state.Error ? ` (${state.Error})` : "") +
          (await lastWords(container, info)),
      );
    }
    // Late, in the moment between a start and the next crash.
    if (isLate && runs && health === "none" && info.RestartCount > 0 && Date.now() < steadyAt) {
      throw new Error(
        `${name} does not stay up: it was restarted ${renderTimes(info.RestartCount)}` +
          (await lastWords(container, info)),
      );
    }
    if (health === "unhealthy" || isLate) {
      const problem =
        health === "unhealthy"
          ? "is unhealthy"
          : "did not become ready in time (startTimeoutSeconds)";
      const silence =
        isAwaited && port !== undefined ? await renderSilence(container, port.number) : "";
      throw new Error(
        `${name} ${problem}${silence}${lastCheck(state)}${await lastWords(container, info)}`,
      );
    }
    // With hundreds of containers, looks in between that decide nothing would take the processors that they start with.
    const isSteady = runs && health === "none" && !isAwaited;
    const next = isSteady ? Math.max(0, steadyAt - Date.now()) : pollMilliseconds;
    await new Promise((resolve) => setTimeout(resolve, next));
  }
}

function isExpected(
  port: ServedPort | undefined,
  { Config }: Docker.ContainerInspectInfo,
): boolean {
  if (port === undefined) return false;
  return port.isUsed || `${port.number}/tcp` in ((Config.ExposedPorts as object | null) ?? {});
}

async function renderSilence(container: Docker.Container, port: number): Promise<string> {
  const listeners = (await readListeners(container)) ?? [];
  if (listeners.some((listener) => listener.port === port)) {
    return `: it listens on port ${port} for itself only (127.0.0.1); let it listen on 0.0.0.0`;
  }
  const others = new Set(
    listeners.filter(({ isLoopback }) => !isLoopback).map((each) => each.port),
  );
  const advice =
    others.size > 0
      ? `it listens on ${[...others].join(", ")}: set \`port\``
      : "set `port` to where it listens, or, if it has no port, `metrics: false`";
  return `: nothing answers on its port ${port}; ${advice}`;
}

async function inspect(
  container: Docker.Container,
  name: string,
): Promise<Docker.ContainerInspectInfo> {
  try {
    return await container.inspect();
  } catch (error) {
    if (isNotFound(error))
      throw new Error(`${name} is gone: its container was removed while it started`);
    throw error;
  }
}

function lastCheck(state: Docker.ContainerInspectInfo["State"]): string {
  if (state.Health === undefined) return "";
  // Podman has no list where Docker has an empty one.
  const checks = state.Health.Log as typeof state.Health.Log | null;
  if (checks === null) return ". No health check has run; Podman leaves that to systemd";
  const last = checks.at(-1);
  return last ? `. Its last health check ended with ${last.ExitCode}: ${last.Output.trim()}` : "";
}

function renderTimes(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

async function lastWords(
  container: Docker.Container,
  { State, Config, HostConfig }: Docker.ContainerInspectInfo,
): Promise<string> {
  const log = (await readLogTail(container, logLines)).trim();
  const quoted =
    log === "" ? ". It wrote no log." : `. Its last log lines:\n${log.replace(/^/gm, "    ")}`;
  const hints = findStartHints({
    log,
    exitCode: hasEnded(State) ? State.ExitCode : undefined,
    oomKilled: State.OOMKilled,
    user: Config.User || "root",
    readOnly: HostConfig.ReadonlyRootfs === true,
    memoryMb: Math.round((HostConfig.Memory ?? 0) / 1024 / 1024),
  });
  return [quoted, ...hints.map((hint) => `${hint}.`)].join("\n");
}

/** The engine calls a container running that waits for its next start, and one that never ran has the exit code 0. */
function hasEnded({ Running, Restarting, Status }: Docker.ContainerInspectInfo["State"]): boolean {
  return Restarting || (!Running && Status !== "created");
}
