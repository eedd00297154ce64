import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./setupError";
import { projectFolder } from "./versions";

/** Names of the stacks that have a stack file, sorted. */
export function listStackFiles(): string[] {
  return readdirSync(projectFolder)
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .sort();
}

/** @throws SetupError with the stacks that could be meant */
export function rejectMissingStackFile(stack: string): void {
  // Of `organization/stack`, the file bears the last part only.
  const name = stack.split("/").at(-1) ?? stack;
  if (existsSync(join(projectFolder, `Pulumi.${name}.yaml`))) return;
  throw new SetupError(
    `There is no Pulumi.${name}.yaml: write one, or name another stack with --stack. ` +
      `Those there are: ${listStackFiles().join(", ") || "none"}.`,
  );
}
