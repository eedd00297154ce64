import { run } from "../run";
import { SetupError } from "../setupError";
import { findStackNames } from "../stackFiles";
import { projectFolder } from "../versions";

/**
 * The stacks of this repository: those whose stack file git knows, so that private files do not count.
 *
 * @throws SetupError in a folder that is no git checkout
 */
export async function listStacks(): Promise<string[]> {
  const { exitCode, stdout, stderr } = await run(["git", "ls-files", "Pulumi.*.yaml"], {
    cwd: projectFolder,
  });
  if (exitCode !== 0) {
    throw new SetupError(
      `The stack files that are committed cannot be listed (${stderr.trim()}): name a stack with \`-- --stack <name>\`.`,
    );
  }
  return findStackNames(stdout.split("\n"));
}

/** The stacks that a command is for: those that are named, with commas between them, or every committed one. */
export async function findStacks(named: string | undefined): Promise<string[]> {
  if (named === undefined) return listStacks();
  return named
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
