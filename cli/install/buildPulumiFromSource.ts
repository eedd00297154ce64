import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildGo } from "./buildGo";
import {
  isLanguageHostOutdated,
  languageHost,
  renderLanguageHostVersion,
} from "./languageHostVersion";
import { pluginFolder, pulumiBinFolder } from "./pulumiHome";
import { showStep } from "../showStep";
import { projectFolder, readPulumiVersions } from "../versions";
import { makeWorkFolder } from "./workFolder";

const sources = join(projectFolder, "cli", "install", "from-source");

/**
 * Builds Pulumi's command line, a language host and both plugins from Go modules, into the places that Pulumi itself
 * uses for the versions that package.json names. What is there already is not built again.
 */
export async function buildPulumiFromSource(): Promise<void> {
  const { pulumi, docker, random } = readPulumiVersions();
  await installFolder(pulumiBinFolder(pulumi), async (folder) => {
    await showStep(`Building Pulumi ${pulumi} from Go modules (5 to 10 minutes)`, () =>
      buildGo({
        module: join(sources, "pulumi"),
        packagePath: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        output: join(folder, "pulumi"),
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${pulumi}` },
      }),
    );
    await buildLanguageHost(pulumi, folder);
    // The npm package carries the script that starts dynamic providers.
    const starter = "pulumi-resource-pulumi-nodejs";
    copyFileSync(
      join(projectFolder, "node_modules", "@pulumi", "pulumi", starter),
      join(folder, starter),
    );
    chmodSync(join(folder, starter), 0o755);
  });
  if (isLanguageHostOutdated(pulumi)) await replaceLanguageHost(pulumi);
  await buildPlugin("docker", docker);
  await buildPlugin("random", random);
}

/** Builds it beside its place, so that a Pulumi that starts at that moment finds the old one or the new one. */
async function replaceLanguageHost(pulumi: string): Promise<void> {
  const bin = pulumiBinFolder(pulumi);
  const work = makeWorkFolder(dirname(bin));
  try {
    await buildLanguageHost(pulumi, work);
    renameSync(join(work, languageHost), join(bin, languageHost));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function buildLanguageHost(pulumi: string, folder: string): Promise<void> {
  await showStep("Building the language host for Node.js (up to 2 minutes)", () =>
    buildGo({
      module: join(sources, "pulumi"),
      packagePath: `./cmd/${languageHost}`,
      output: join(folder, languageHost),
      variables: { "main.version": renderLanguageHostVersion(pulumi) },
    }),
  );
}

async function buildPlugin(name: string, version: string): Promise<void> {
  await installFolder(pluginFolder(name, version), (folder) =>
    showStep(`Building Pulumi's ${name} plugin ${version} from Go modules (2 to 5 minutes)`, () =>
      buildGo({
        module: join(sources, `${name}-plugin`),
        packagePath: ".",
        output: join(folder, `pulumi-resource-${name}`),
        variables: { "main.version": version },
      }),
    ),
  );
}

/** Fills a folder that appears under its name only when it is complete; one that is there stays as it is. */
async function installFolder(
  folder: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  if (existsSync(folder)) return;
  const work = makeWorkFolder(dirname(folder));
  try {
    await fill(work);
    chmodSync(work, 0o755);
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
