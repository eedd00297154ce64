import { setTimeout as sleep } from "node:timers/promises";
import { readLiveRestore } from "../docker/detectEngine";
import { EngineSettingsError } from "./engineSettingsError";
import type { EngineLocation } from "./engineLocation";
import { findEngineProcess } from "./engineProcess";

/**
 * Has a running engine read daemon.json again (SIGHUP) and waits until its live-restore is as that file says. Other keys
 * of the file that a running engine can take are taken too; `metrics-addr` is not one of them.
 *
 * @see https://docs.docker.com/reference/cli/dockerd/#configuration-reload-behavior
 * @throws EngineSettingsError when the engine does not take it within `location.reloadWaitSeconds`
 */
export async function reloadLiveRestore(location: EngineLocation, isOn: boolean): Promise<void> {
  const { host, pidFile, reloadWaitSeconds } = location;
  const running = await findEngineProcess(host, pidFile);
  if (running === undefined) {
    throw new EngineSettingsError(`no dockerd runs under the process id in ${pidFile}`);
  }
  // The shell's own `kill`: a minimal system has no program of that name.
  const command = ["sh", "-c", 'kill -HUP "$1"', "sh", String(running.pid)];
  const signalled = await host.run(command, { asRoot: true });
  if (signalled.exitCode !== 0) {
    throw new EngineSettingsError(
      `dockerd (process ${running.pid}) could not be told to read its settings: ${signalled.stderr.trim()}`,
    );
  }
  const deadline = Date.now() + reloadWaitSeconds * 1000;
  while ((await readLiveRestore(location)) !== isOn) {
    if (Date.now() >= deadline) {
      throw new EngineSettingsError(
        `the engine did not switch live-restore ${isOn ? "on" : "off"} within ${reloadWaitSeconds} s of being told to`,
      );
    }
    await sleep(100);
  }
}
