import { join } from "node:path";
import { openPulumiSession } from "./pulumiSession";
import { pulumiBinFolder } from "./install/pulumiHome";
import { readPulumiVersions } from "./versions";

/** Prints `export` lines for a POSIX shell: `eval "$(npm run --silent env)"`. */
export function printEnv(): void {
  const { env } = openPulumiSession(join(pulumiBinFolder(readPulumiVersions().pulumi), "pulumi"));
  for (const [name, value] of Object.entries(env)) {
    console.log(`export ${name}='${value.replaceAll("'", "'\\''")}'`);
  }
}
