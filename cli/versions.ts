import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The checkout's folder. */
export const projectFolder = join(__dirname, "..");

/** The name in Pulumi.yaml, by which labels, states and config keys are told apart. */
export const projectName = "glasshouse";

/** Versions of Pulumi's parts, taken from package.json: the command line and the plugins have to match the packages. */
export function readPulumiVersions(): { pulumi: string; docker: string; random: string } {
  const { dependencies } = JSON.parse(
    readFileSync(join(projectFolder, "package.json"), "utf8"),
  ) as {
    dependencies: Record<string, string>;
  };
  const versionOf = (name: string) => {
    const version = dependencies[name];
    if (version === undefined) throw new Error(`package.json does not depend on ${name}`);
    return version;
  };
  return {
    pulumi: versionOf("@pulumi/pulumi"),
    docker: versionOf("@pulumi/docker"),
    random: versionOf("@pulumi/random"),
  };
}
