import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { findStackFile } from "./stackFiles";

/** Hands out a copy of a stack file, because Pulumi writes an encryption salt into one that has none. */
export async function withStackFileCopy<T>(
  stack: string,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-preview-"));
  const file = findStackFile(stack);
  const copy = join(folder, basename(file));
  try {
    copyFileSync(file, copy);
    return await use(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
