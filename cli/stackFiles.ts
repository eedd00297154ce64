import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { SetupError } from "./setupError";
import { projectFolder } from "./versions";

/** Names of the stacks whose stack files are among the files, sorted. */
export function findStackNames(files: readonly string[]): string[] {
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** Names of the stacks that have a stack file, sorted. */
function listStackFiles(): string[] {
  return findStackNames(readdirSync(projectFolder));
}

/** Where a stack's settings are. Of `organization/stack`, the file bears the last part only. */
export function findStackFile(stack: string): string {
  return join(projectFolder, `Pulumi.${stack.split("/").at(-1) ?? stack}.yaml`);
}

/** The text of a stack file; empty for one that is not there. */
export function readStackFile(stack: string): string {
  const file = findStackFile(stack);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** The config in the text of a stack file, as it is there: before the program checks it. */
export function readStackConfig(stackFile: string): Readonly<Record<string, unknown>> {
  const file = parse(stackFile) as { config?: Record<string, unknown> | null } | null;
  return file?.config ?? {};
}

/**
 * The config in a stack's file; empty for one that is not there.
 *
 * @throws SetupError with the place where the file is not YAML
 */
export function parseStackFile(stack: string): Readonly<Record<string, unknown>> {
  const text = readStackFile(stack);
  try {
    return readStackConfig(text);
  } catch (error) {
    // What follows quotes the line, which may hold a secret.
    const problem = (error as Error).message.split("\n", 1)[0]?.replace(/:$/, "") ?? "";
    throw new SetupError(`${basename(findStackFile(stack))} is not YAML: ${problem}.`);
  }
}

/** @throws SetupError with the stacks that could be meant */
export function rejectMissingStackFile(stack: string): void {
  const file = findStackFile(stack);
  if (existsSync(file)) return;
  throw new SetupError(
    `There is no ${basename(file)}: write one, or name another stack with --stack. ` +
      `Existing files: ${listStackFiles().join(", ") || "none"}.`,
  );
}
