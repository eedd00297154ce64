import { homedir } from "node:os";
import { join } from "node:path";

/** Where Pulumi keeps its command lines, plugins and log-ins. */
export const pulumiHome = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");

/** Folder of one version's command line, shared with Pulumi's Automation API and the npm package `pulumi`. */
export function pulumiBinFolder(version: string): string {
  return join(pulumiHome, "versions", version, "bin");
}

/** Folder that Pulumi looks a resource plugin up in. */
export function pluginFolder(name: string, version: string): string {
  return join(pulumiHome, "plugins", `resource-${name}-v${version}`);
}
