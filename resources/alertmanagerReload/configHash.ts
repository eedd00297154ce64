import { createHash } from "node:crypto";

/** `alertmanager_config_hash` for a configuration: the first six bytes of its MD5 as a number (`config/coordinator.go`). */
export function hashConfig(config: string): number {
  return createHash("md5").update(config).digest().readUIntLE(0, 6);
}
