import { EngineSettingsError } from "./engineSettingsError";
import { parseDaemonJson, type DaemonKeys } from "./daemonJson";
import type { EngineLocation } from "./engineLocation";
import { findEngineProcess, readFlag } from "./engineProcess";
import type { HostFile } from "../access/hostAccess";

/** The settings in a daemon.json; throws, and leaves the file alone, when it is nothing that can be edited safely. */
export function readDaemonKeys(file: HostFile, path: string): DaemonKeys {
  const repair = `It was left untouched. Correct it by hand, check it with "dockerd --validate --config-file ${path}" (engine 23 and later), and try again.`;
  if (!file.isUtf8) {
    throw new EngineSettingsError(`${path} is not UTF-8 text. ${repair}`);
  }
  const parsed = parseDaemonJson(file.text ?? "");
  if (parsed.problem === undefined) return parsed.keys;
  throw new EngineSettingsError(`${path} cannot be edited: ${parsed.problem}. ${repair}`);
}

/**
 * Makes sure that the running engine reads this file and takes none of the keys from its command line: a key given in
 * both places keeps dockerd from starting. An engine that is down or out of sight passes.
 */
export async function rejectEngineFlags(
  location: EngineLocation,
  keys: readonly string[],
): Promise<void> {
  const { host, pidFile, daemonJsonPath } = location;
  const running = await findEngineProcess(host, pidFile).catch(() => undefined);
  if (running === undefined) return;
  for (const key of keys) {
    const value = readFlag(running.argv, key);
    if (value === undefined) continue;
    throw new EngineSettingsError(
      `The engine on ${host.label} is started with the flag --${key} (${value}); with "${key}" in ${daemonJsonPath} too it would not start at all. Remove the flag from the command that starts it ("systemctl cat docker.service" shows it), or keep the flag and use the mode "external". Nothing was changed.`,
    );
  }
  const configFile = readFlag(running.argv, "config-file");
  if (configFile?.startsWith("/") !== true || configFile === daemonJsonPath) return;
  const [real, asked] = await Promise.all([
    host.readFile(configFile),
    host.readFile(daemonJsonPath),
  ]);
  if (real.realPath !== asked.realPath) {
    throw new EngineSettingsError(
      `The engine on ${host.label} reads its settings from ${configFile} (its flag --config-file), not from ${daemonJsonPath}. Set the path of daemon.json to ${configFile}. Nothing was changed.`,
    );
  }
}

/**
 * Lets dockerd itself look at the text that is to be written, where it can (engine 23 and later).
 *
 * @throws EngineSettingsError with dockerd's own words when it refuses
 */
export async function rejectInvalidCandidate(
  { host, stateFolder }: EngineLocation,
  candidate: string,
): Promise<void> {
  const help = await host.run(["dockerd", "--help"], { asRoot: true });
  if (help.exitCode !== 0 || !help.stdout.includes("--validate")) return;
  const path = `${stateFolder}/daemon.json.candidate`;
  await host.makeFolder(stateFolder, 0o700);
  await host.writeFileAtomically(path, candidate, 0o600);
  try {
    const command = ["dockerd", "--validate", "--config-file", path];
    const validated = await host.run(command, { asRoot: true });
    if (validated.exitCode === 0) return;
    throw new EngineSettingsError(
      `dockerd refuses the new settings: ${(validated.stderr.trim() || validated.stdout.trim()).slice(-2000)}. Nothing was changed.`,
    );
  } finally {
    await host.removeFile(path);
  }
}
