import { EngineSettingsError } from "./engineSettingsError";
import type { EngineLocation, RestartMethod } from "./engineLocation";
import { restartEngineDirectly } from "./directEngine";
import { waitForEngine } from "./engineProbe";
import type { HostAccess } from "../access/hostAccess";

const logLineLimit = 20;

/**
 * Finds out how this host's engine is restarted.
 *
 * @throws EngineSettingsError when an init system runs the machine but has no docker.service to restart
 */
export async function readRestartMethod(
  location: EngineLocation,
): Promise<Exclude<RestartMethod, "auto">> {
  const { host, restartMethod } = location;
  if (restartMethod !== "auto") return restartMethod;
  // Not "direct" where an init system looks after the engine: it would start a second one beside ours.
  if (await host.exists("/run/openrc/softlevel"))
    throw buildUnknownWayError(host, "OpenRC", "rc-service docker restart");
  if (!(await host.exists("/run/systemd/system"))) return "direct";
  const unit = await host.run(["systemctl", "cat", "docker.service"]);
  if (unit.exitCode === 0) return "systemd";
  throw buildUnknownWayError(host, "systemd without a docker.service", "snap restart docker");
}

function buildUnknownWayError(
  host: HostAccess,
  init: string,
  example: string,
): EngineSettingsError {
  return new EngineSettingsError(
    `${host.label} is run by ${init}, so how to restart its engine is unknown. Set the restart method to "command" with the command for it, such as ${JSON.stringify(example.split(" "))}.`,
  );
}

/**
 * Restarts the engine and waits until it answers again. Containers stop with it, unless live-restore is set.
 *
 * @throws EngineSettingsError when the restart fails or the engine does not answer in time
 */
export async function restartEngine(location: EngineLocation): Promise<void> {
  const { host, restartCommand, waitSeconds } = location;
  const method = await readRestartMethod(location);
  if (method === "direct") {
    await restartEngineDirectly(location);
    return;
  }
  if (method === "systemd") {
    // A few restarts in a row, and systemd refuses with "start request repeated too quickly" until this is said.
    await host.run(["systemctl", "reset-failed", "docker.service"], { asRoot: true });
  }
  const command =
    method === "systemd" ? ["systemctl", "restart", "docker.service"] : restartCommand;
  // Stopping may take the whole wait, and so may starting.
  const restarted = await host.run(command, { asRoot: true, timeoutSeconds: 2 * waitSeconds });
  if (restarted.exitCode !== 0) {
    const said = (restarted.stderr.trim() || restarted.stdout.trim()).slice(-2000);
    throw new EngineSettingsError(
      `"${command.join(" ")}" failed with exit code ${restarted.exitCode}: ${said}`,
    );
  }
  await waitForEngine(location);
}

/** The engine's last log lines for an error message; empty when they are unavailable. */
export async function readEngineLog(location: EngineLocation): Promise<string> {
  const method = await readRestartMethod(location).catch(() => undefined);
  const limit = String(logLineLimit);
  const command =
    method === "direct"
      ? ["tail", "-n", limit, "--", location.logPath]
      : ["journalctl", "--unit", "docker", "--lines", limit, "--no-pager", "--output", "cat"];
  const log = await location.host.run(command, { asRoot: true, timeoutSeconds: 10 });
  return log.exitCode === 0 ? log.stdout.trim() : "";
}
