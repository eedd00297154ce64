import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Network } from "./detectNetwork";
import { buildPulumiFromSource } from "./buildPulumiFromSource";
import { installPulumiDownload, installPluginDownload } from "./downloadPulumi";
import { isLanguageHostOutdated } from "./languageHostVersion";
import { pluginFolder, pulumiBinFolder } from "./pulumiHome";
import { readPulumiVersions } from "../versions";

export interface PulumiSource {
  readonly network: Network;
  /** Where official downloads come from; a company mirror or a folder served by HTTP can stand in. */
  readonly pulumiDownloads: string | undefined;
}

/** What of Pulumi is missing on this machine, for the user. */
export function findMissingPulumi(): string[] {
  const { pulumi, docker, random } = readPulumiVersions();
  return [
    ...(existsSync(join(pulumiBinFolder(pulumi), "pulumi")) ? [] : [`Pulumi ${pulumi}`]),
    ...(isPluginThere("docker", docker) ? [] : [`its Docker plugin ${docker}`]),
    ...(isPluginThere("random", random) ? [] : [`its random plugin ${random}`]),
  ];
}

/** What of it is there, but was built from earlier sources of ours, for the user. */
export function findOutdatedPulumi(): string[] {
  const { pulumi } = readPulumiVersions();
  return isLanguageHostOutdated(pulumi) ? ["Pulumi's language host, from newer sources"] : [];
}

/**
 * Makes sure that Pulumi's command line, its language host and both plugins are there.
 *
 * @returns the path of the command line
 */
export async function ensurePulumi({ network, pulumiDownloads }: PulumiSource): Promise<string> {
  const { pulumi, docker, random } = readPulumiVersions();
  const program = join(pulumiBinFolder(pulumi), "pulumi");
  if (findMissingPulumi().length === 0 && findOutdatedPulumi().length === 0) return program;
  if (network === "registries") {
    await buildPulumiFromSource();
    return program;
  }
  // The official download has a language host of its own, which replaces an outdated one of ours.
  if (!existsSync(program) || findOutdatedPulumi().length > 0)
    await installPulumiDownload(pulumi, pulumiDownloads);
  const plugins: [string, string][] = [
    ["docker", docker],
    ["random", random],
  ];
  for (const [name, version] of plugins) {
    if (!isPluginThere(name, version))
      await installPluginDownload(program, name, version, pulumiDownloads);
  }
  return program;
}

/** Pulumi leaves a `.partial` file beside a plugin's folder while it installs it. */
function isPluginThere(name: string, version: string): boolean {
  const folder = pluginFolder(name, version);
  return existsSync(join(folder, `pulumi-resource-${name}`)) && !existsSync(`${folder}.partial`);
}
