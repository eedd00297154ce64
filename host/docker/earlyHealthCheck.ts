import type Docker from "dockerode";
import { execToEnd } from "./execToEnd";

/** Where an image names no shell of its own for its commands; see https://docs.docker.com/reference/dockerfile/#shell. */
const defaultShell: readonly string[] = ["/bin/sh", "-c"];
/** What Docker gives a check that names no time-out. */
const defaultTimeoutMilliseconds = 30_000;
const firstPauseMilliseconds = 250;
const longestPauseMilliseconds = 1000;
/** Each is a process on the host, where containers that start need the processors too; Docker's own checks go on. */
const atATime = 4;
let running = 0;

/** Asks a container's health check, as often as it may be asked; true as soon as it has passed. */
export type EarlyHealthCheck = (info: Docker.ContainerInspectInfo) => Promise<boolean>;

/**
 * Runs the health check of a container that has just started, as Docker would: the same command, user and environment.
 * Docker does so for the first time after one interval, and nobody need wait for that. Whether a container is *un*healthy
 * remains Docker's to say, which knows how many failures are allowed.
 *
 * @see https://docs.docker.com/reference/dockerfile/#healthcheck
 */
export function createEarlyHealthCheck(container: Docker.Container): EarlyHealthCheck {
  let pause = firstPauseMilliseconds;
  let nextAt = 0;
  return async ({ Config: config }) => {
    const command = findCheckCommand(config);
    if (command === undefined || running >= atATime || Date.now() < nextAt) return false;
    running += 1;
    try {
      const exitCode = await runWithin(container, command, findTimeout(config));
      // A check that hangs goes on inside the container: a second one would only hang beside it.
      nextAt = exitCode === undefined ? Infinity : Date.now() + pause;
      pause = Math.min(2 * pause, longestPauseMilliseconds);
      return exitCode === 0;
    } finally {
      running -= 1;
    }
  };
}

/** dockerode's type leaves out the second. */
type Config = Pick<Docker.ContainerInspectInfo["Config"], "Healthcheck"> & {
  readonly Shell?: readonly string[] | null;
};

function findCheckCommand({ Healthcheck, Shell }: Config): string[] | undefined {
  const [kind, ...rest] = Healthcheck?.Test ?? [];
  if (kind === "CMD") return rest;
  return kind === "CMD-SHELL" ? [...(Shell ?? defaultShell), ...rest] : undefined;
}

/** In milliseconds; the engine has nanoseconds, and 0 for its default. */
function findTimeout({ Healthcheck }: Config): number {
  return (Healthcheck?.Timeout ?? 0) / 1e6 || defaultTimeoutMilliseconds;
}

/** @returns the exit code, or undefined when the command has not ended in time */
async function runWithin(
  container: Docker.Container,
  command: string[],
  milliseconds: number,
): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  const ended = execToEnd(container, command).then(({ exitCode }) => exitCode);
  return Promise.race([ended, late]).finally(() => clearTimeout(timer));
}
