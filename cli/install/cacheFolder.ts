import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What is built once per machine lies here, outside every checkout; deleting it costs only time. */
export function cacheFolder(...path: string[]): string {
  const root = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(root, "glasshouse", ...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}
