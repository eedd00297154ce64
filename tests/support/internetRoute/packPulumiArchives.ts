import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pluginFolder, pulumiBinFolder } from "../../../cli/install/pulumiHome";
import { runOrReject } from "../../../cli/run";
import { readPulumiVersions } from "../../../cli/versions";

export interface PulumiArchives {
  readonly commandLine: string;
  readonly docker: string;
  readonly random: string;
}

/**
 * Packs the Pulumi of this machine as Pulumi's own downloads are packed: the command line below a folder `pulumi`, a
 * plugin's program at the top.
 *
 * @param folder where the archives are put
 * @returns names of the archives
 */
export async function packPulumiArchives(folder: string): Promise<PulumiArchives> {
  const { pulumi, docker, random } = readPulumiVersions();
  const commandLine = `pulumi-v${pulumi}-linux-${process.arch}.tar.gz`;
  const top = join(folder, "top");
  mkdirSync(top);
  cpSync(pulumiBinFolder(pulumi), join(top, "pulumi"), { recursive: true });
  await pack(join(folder, commandLine), top, "pulumi");
  rmSync(top, { recursive: true });

  const goArchitecture = process.arch === "x64" ? "amd64" : process.arch;
  const packPlugin = async (name: string, version: string): Promise<string> => {
    const archive = `pulumi-resource-${name}-v${version}-linux-${goArchitecture}.tar.gz`;
    await pack(join(folder, archive), pluginFolder(name, version), `pulumi-resource-${name}`);
    return archive;
  };
  return {
    commandLine,
    docker: await packPlugin("docker", docker),
    random: await packPlugin("random", random),
  };
}

async function pack(archive: string, folder: string, entry: string): Promise<void> {
  await runOrReject([
    "tar",
    "--use-compress-program=gzip -1",
    // As on Pulumi's build machine, whose user exists nowhere else.
    "--owner=1001",
    "--group=1001",
    "-cf",
    archive,
    "-C",
    folder,
    entry,
  ]);
}
