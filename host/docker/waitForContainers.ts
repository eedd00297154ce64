import type Docker from "dockerode";
import { isNotFound } from "./connectDocker";
import { createEarlyHealthCheck } from "./earlyHealthCheck";
import { readLogTail } from "./readLogTail";
import { findStartHints } from "./startHints";

const pollMilliseconds = 250;
/** A command that cannot be run, or that does not exist: no later start finds it. */
const hopelessExitCodes: readonly number[] = [126, 127];
/** How long a container without a health check has to run on before it counts as up. */
const steadyMilliseconds = 2000;
const logLines = 20;

/**
 * Waits until containers run and, with a health check, pass it: Docker says so, or it is run here first. The Docker provider's own `wait` knows only health,
 * lets a crashed container burn the whole time-out, and leaves out its log.
 *
 * @param containers ids, by the names that a user knows the containers by
 * @param timeoutSeconds for each of them
 * @throws Error that says of each failed container what happened, with its last log lines
 */
export async function waitForContainers(
  docker: Docker,
  containers: Readonly<Record<string, string>>,
  timeoutSeconds: number,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const results = await Promise.allSettled(
    Object.entries(containers).map(([name, id]) =>
      waitForContainer(docker.getContainer(id), name, deadline),
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
    if (runs && health === "none" && Date.now() >= steadyAt) return;
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
    if (health === "unhealthy" || isLate) {
      const problem =
        health === "unhealthy"
          ? "is unhealthy"
          : "did not become ready in time (startTimeoutSeconds)";
      throw new Error(`${name} ${problem}${lastCheck(state)}${await lastWords(container, info)}`);
    }
    // With hundreds of containers, looks in between that decide nothing would take the processors that they start with.
    const next = runs && health === "none" ? steadyAt - Date.now() : pollMilliseconds;
    await new Promise((resolve) => setTimeout(resolve, next));
  }
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
    exitCode: State.Running ? undefined : State.ExitCode,
    oomKilled: State.OOMKilled,
    user: Config.User || "root",
    readOnly: HostConfig.ReadonlyRootfs === true,
    memoryMb: Math.round((HostConfig.Memory ?? 0) / 1024 / 1024),
  });
  return [quoted, ...hints.map((hint) => `${hint}.`)].join("\n");
}
