import { posix } from "node:path";
import { z } from "zod";
import { absolutePath, configKey, textOf } from "./rules";

/** A file that an app reads, from the stack file, from the project, or from encrypted config. */
export const fileSettings = z.strictObject({
  path: absolutePath.describe(
    "Where the app finds it, read-only. Its folder is mounted as a whole, so it must be one that the image has nothing in",
  ),
  text: z.string().optional().describe("The text itself; this, `source` or `secret`"),
  source: z.string().min(1).optional().describe("File with the text, relative to the project"),
  secret: configKey
    .optional()
    .describe("Config key that holds the text; set it by `pulumi config set --secret <key>`"),
  reload: textOf(/^(replace|SIG[A-Z0-9+-]+)$/, "must be `replace`, or a signal such as `SIGHUP`")
    .default("replace")
    .describe(
      "What a change does: `replace` makes new containers; a signal goes to those that run, which read the file again",
    ),
});

export type FileSettings = z.output<typeof fileSettings>;

/** Files by their folder, in the order of their folders. */
export function groupByFolder(files: readonly FileSettings[]): [string, FileSettings[]][] {
  const folders = [...new Set(files.map(({ path }) => findFolder(path)))].sort();
  return folders.map((folder) => [folder, files.filter(({ path }) => findFolder(path) === folder)]);
}

export function findFolder(path: string): string {
  return posix.dirname(posix.resolve(path));
}
