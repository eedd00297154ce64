import { createHash } from "node:crypto";
import { posix } from "node:path";
import { type BuildEntry, listBuildFolder, readBuildEntry } from "./buildFolder";

/** How a build reads its folder. */
export interface BuildRecipe {
  /** Path of the Dockerfile, relative to the folder. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Another number gives every image another name, which lets a changed way to pack take effect. */
const packing = 2;

/**
 * A short hash of everything that goes into an image build: the folder as `.dockerignore` leaves it, executable bits,
 * where symbolic links lead, the Dockerfile and the build arguments. Equal inputs give the same image tag, so that a
 * build runs only when something changed. Times of files are left out, as in Docker's own cache.
 */
export function hashBuildFolder(folder: string, recipe: BuildRecipe): string {
  const hash = new BuildHash(recipe);
  for (const entry of listBuildFolder(folder, recipe.dockerfile)) {
    hash.add(entry, readBuildEntry(folder, entry));
  }
  return hash.digest();
}

/** The hash while it is computed: the code that packs a folder computes it from what was packed. */
export class BuildHash {
  private readonly hash = createHash("sha256");

  constructor({ dockerfile, buildArgs }: BuildRecipe) {
    const args = Object.entries(buildArgs).sort();
    this.hash.update(JSON.stringify([packing, posix.normalize(dockerfile), args]));
  }

  add({ path, kind, isExecutable }: BuildEntry, content: Buffer): void {
    this.hash.update(JSON.stringify([path, kind, isExecutable, content.length]));
    this.hash.update(content);
  }

  digest(): string {
    return this.hash.digest("hex").slice(0, 12);
  }
}
