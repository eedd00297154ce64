import { Readable } from "node:stream";
import { type Pack, pack } from "tar-stream";
import { type BuildEntry, listBuildFolder, readBuildEntry } from "./buildFolder";
import { BuildHash, type BuildRecipe } from "./hashBuildFolder";

/**
 * Packs a build folder into the tar format that Docker's build API takes, all files root's.
 *
 * @param expectedHash what `hashBuildFolder` said of it; the stream fails at its end when something else was packed
 */
export function packBuildFolder(
  folder: string,
  recipe: BuildRecipe,
  expectedHash: string,
): Readable {
  const archive = pack();
  addAll(archive, folder, recipe, expectedHash).catch((error: unknown) => {
    archive.destroy(error as Error);
  });
  return Readable.from(archive);
}

async function addAll(archive: Pack, folder: string, recipe: BuildRecipe, expectedHash: string) {
  const hash = new BuildHash(recipe);
  for (const entry of listBuildFolder(folder, recipe.dockerfile)) {
    const content = readBuildEntry(folder, entry);
    hash.add(entry, content);
    await addEntry(archive, entry, content);
  }
  if (hash.digest() !== expectedHash) {
    throw new Error(`${folder} changed while the update ran; run \`pulumi up\` again`);
  }
  archive.finalize();
}

async function addEntry(archive: Pack, entry: BuildEntry, content: Buffer): Promise<void> {
  const { path: name, kind: type, isExecutable, modifiedAt: mtime } = entry;
  const mode = isExecutable || type === "directory" ? 0o755 : 0o644;
  const header = { name, type, mode, mtime };
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve());
    if (type === "file") {
      // Written as a stream, which waits for the engine: a large folder is never in memory as a whole.
      archive.entry({ ...header, size: content.length }, done).end(content);
    } else if (type === "symlink") {
      archive.entry({ ...header, linkname: content.toString() }, done);
    } else {
      archive.entry(header, done);
    }
  });
}
