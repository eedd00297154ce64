import { type DaemonKeys, readKeys } from "./daemonJson";
import type { EngineLocation } from "./engineLocation";

/**
 * The location with what daemon.json itself says about where the engine's things are. Without that, another engine's
 * process would be taken for this one's.
 */
export async function followDaemonJson(location: EngineLocation): Promise<EngineLocation> {
  const { pidfile } = await readKeysIfPossible(location);
  return typeof pidfile === "string" && pidfile !== ""
    ? { ...location, pidFile: pidfile }
    : location;
}

/** The keys of daemon.json; none when it cannot be read, which others report. */
export async function readKeysIfPossible({
  host,
  daemonJsonPath,
}: EngineLocation): Promise<DaemonKeys> {
  const file = await host.readFile(daemonJsonPath).catch(() => undefined);
  return readKeys(file?.text);
}
