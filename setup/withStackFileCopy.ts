import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "./versions";

/** Hands out a copy of a stack file, because Pulumi writes an encryption salt into one that has none. */
export async function withStackFileCopy<T>(
  stack: string,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-preview-"));
  const name = `Pulumi.${stack}.yaml`;
  const copy = join(folder, name);
  try {
    copyFileSync(join(projectFolder, name), copy);
    return await use(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
