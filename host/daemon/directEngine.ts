import { EngineSettingsError } from "./engineSettingsError";
import type { DaemonKeys } from "./daemonJson";
import { findFileSuffix, type EngineLocation } from "./engineLocation";
import {
  findEngineProcess,
  readStartCommand,
  waitUntilGone,
  parseEnvironment,
  type StartCommand,
} from "./engineProcess";
import { waitForEngine } from "./engineProbe";
import { readKeysIfPossible } from "./followDaemonJson";

// The engine gets what it can use and not the caller's secrets, such as a Pulumi passphrase.
const passedOnVariables =
  /^(PATH|HOME|LANG|TMPDIR|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|DOCKER_.*|GO(GC|MAXPROCS|MEMLIMIT))$/i;

// Standard input brings the environment (arguments show in process lists), the arguments bring all else.
const startScript = `
log=$1 folder=$2
shift 2
(umask 077; mkdir -p -- "$(dirname -- "$log")" && : >>"$log") || exit 1
cd -- "$folder" || cd /
setsid "$@" </dev/null >>"$log" 2>&1 &
echo $!
`;

/**
 * The command that starts an engine for this location when none runs from which it could be read.
 *
 * @param keys of daemon.json: what stands there must not be a flag as well, or dockerd does not start
 * @param variables those of the host's environment; the engine gets what it can use of them
 */
export function buildStartCommand(
  location: EngineLocation,
  keys: DaemonKeys = {},
  variables: Readonly<Record<string, string>> = {},
): StartCommand {
  const entries = Object.entries(variables).filter(([name]) => passedOnVariables.test(name));
  const pidFileThere = keys["pidfile"] ?? "/var/run/docker.pid";
  const args = [
    ...(location.daemonJsonPath === "/etc/docker/daemon.json"
      ? []
      : ["--config-file", location.daemonJsonPath]),
    ...(location.pidFile === pidFileThere ? [] : ["--pidfile", location.pidFile]),
    ...("hosts" in keys || location.socketPath === "/var/run/docker.sock"
      ? []
      : ["--host", `unix://${location.socketPath}`]),
  ];
  return {
    argv: ["dockerd", ...args],
    environment: Object.fromEntries(entries),
    folder: "/",
  };
}

/**
 * Starts an engine on a machine without an init system, in a session of its own so that it outlives this program, and
 * waits until it answers. Its output is appended to `location.logPath`.
 *
 * @param command default: `dockerd` with the flags that `location` asks for
 * @returns the engine's process id
 * @throws EngineSettingsError when it does not answer within `location.waitSeconds`, with its last lines
 */
export async function startEngineDirectly(
  location: EngineLocation,
  command?: StartCommand,
): Promise<number> {
  const { host, logPath, pidFile } = location;
  const { argv, environment, folder } = command ?? (await findStartCommand(location));
  // dockerd refuses to start over a pid file whose number belongs to any process by now, be it another program.
  if ((await findEngineProcess(host, pidFile)) === undefined) await host.removeFile(pidFile);
  const exports = Object.entries(environment)
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  const started = await host.run(["env", "-i", "sh", "-s", "--", logPath, folder, ...argv], {
    input: exports.join("") + startScript,
    asRoot: true,
  });
  const pid = Number(started.stdout.trim());
  if (started.exitCode !== 0 || !Number.isInteger(pid) || pid < 2) {
    throw new EngineSettingsError(
      `The engine could not be started on ${host.label} (log ${logPath}): ${started.stderr.trim()}`,
    );
  }
  await waitForEngine(location, pid);
  return pid;
}

async function findStartCommand(location: EngineLocation): Promise<StartCommand> {
  const environment = await location.host.run(["env", "-0"]);
  const keys = await readKeysIfPossible(location);
  return buildStartCommand(location, keys, parseEnvironment(environment.stdout));
}

/**
 * Stops the engine that the pid file names (SIGTERM) and waits until it is gone; nothing to do when none runs.
 *
 * @throws EngineSettingsError when it still runs after `location.waitSeconds`
 */
export async function stopEngineDirectly(location: EngineLocation): Promise<void> {
  const { host, pidFile, waitSeconds } = location;
  const running = await findEngineProcess(host, pidFile);
  if (running === undefined) return;
  // The shell's own `kill`: a minimal system has no program of that name.
  const command = ["sh", "-c", 'kill -TERM "$1"', "sh", String(running.pid)];
  const killed = await host.run(command, { asRoot: true });
  if (!(await waitUntilGone(host, running.pid, killed.exitCode === 0 ? waitSeconds : 0))) {
    throw new EngineSettingsError(
      `dockerd (process ${running.pid}) on ${host.label} did not stop ${killed.exitCode === 0 ? `within ${waitSeconds} s` : `(${killed.stderr.trim()})`}. It is not killed, because that would leave containers behind; look at its log ${location.logPath} and stop it by hand.`,
    );
  }
  // dockerd removes it itself unless it was killed; then the next one could take the number for a running engine.
  const left = await host.readFile(pidFile);
  if (left.text?.trim() === String(running.pid)) await host.removeFile(pidFile);
}

/**
 * Stops the engine and starts it again with the same arguments, environment and working folder. These are noted in the
 * state folder first, so that an engine which a crash left stopped can be started as it was.
 *
 * @returns the new engine's process id
 */
export async function restartEngineDirectly(location: EngineLocation): Promise<number> {
  const { host, pidFile, stateFolder } = location;
  const notePath = `${stateFolder}/engine-start${findFileSuffix(location)}.json`;
  const running = await findEngineProcess(host, pidFile);
  if (running === undefined) {
    const note = await host.readFile(notePath);
    return startEngineDirectly(location, parseStartNote(note.text, pidFile));
  }
  const command = await readStartCommand(host, running);
  await host.makeFolder(stateFolder, 0o700);
  const note = `${JSON.stringify({ pidFile, ...command }, undefined, 2)}\n`;
  await host.writeFileAtomically(notePath, note, 0o600);
  await stopEngineDirectly(location);
  return startEngineDirectly(location, command);
}

function parseStartNote(text: string | undefined, pidFile: string): StartCommand | undefined {
  try {
    const note = JSON.parse(text ?? "") as StartCommand & { readonly pidFile: string };
    return note.pidFile === pidFile && Array.isArray(note.argv) ? note : undefined;
  } catch {
    return undefined;
  }
}
