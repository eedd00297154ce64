import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StackPlan } from "../stackPlan";

/** Where the folders of a plan lie on the host, by their key in the plan. */
export type HostFolders = Readonly<Record<string, string>>;

export interface WrittenFolders {
  readonly folders: HostFolders;
  /** Keys of the folders that held something else before. */
  readonly changed: readonly string[];
}

/**
 * Writes a plan's folders of files for tools that mount them from the host, as their users do: Glasshouse alone puts files
 * into volumes through the Docker API. A folder stays the same one, since containers hold on to it.
 */
export function writeHostFolders(plan: StackPlan, root: string): WrittenFolders {
  const folders: Record<string, string> = {};
  const changed: string[] = [];
  for (const [key, files] of Object.entries(plan.folders)) {
    const folder = (folders[key] = join(root, key));
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, path);
      if (readOr(file) === content) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode: 0o644 });
      if (!changed.includes(key)) changed.push(key);
    }
  }
  return { folders, changed };
}

export function removeHostFolders(root: string): void {
  rmSync(root, { recursive: true, force: true });
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
