import { findFileSuffix, type EngineLocation } from "../daemon/engineLocation";
import type { HostFile } from "./hostAccess";

const keptBackups = 5;
const backupName = /^daemon\.json\.glasshouse-\d{8}T\d{9}Z\.bak$/;

/**
 * Copies a daemon.json into the state folder, with its own permissions, and keeps the newest five copies.
 *
 * @returns the copy's path; `undefined` when there was no file
 */
export async function writeBackup(
  location: EngineLocation,
  file: HostFile,
  now = new Date(),
): Promise<string | undefined> {
  if (file.text === undefined) return undefined;
  const { host, stateFolder } = location;
  // A folder for each engine, so that one's many changes do not push the other's backups out.
  const folder = `${stateFolder}/backups${findFileSuffix(location)}`;
  await host.makeFolder(folder, 0o700);
  const timestamp = now.toISOString().replace(/[-:.]/g, "");
  const path = `${folder}/daemon.json.glasshouse-${timestamp}.bak`;
  await host.writeFileAtomically(path, file.text, file.mode ?? 0o600);
  // The names sort by time; other files in the folder are not ours to remove.
  const backups = (await host.listFolder(folder)).filter((name) => backupName.test(name));
  for (const name of backups.slice(0, -keptBackups)) await host.removeFile(`${folder}/${name}`);
  return path;
}
