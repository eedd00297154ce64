import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { extract, pack } from "tar-stream";

/** Text files by their path, relative to one folder. */
export type Files = Record<string, string>;

/** Owner and permissions that all files of an archive get. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, for example 0o444. */
  readonly mode: number;
}

/** Packs files into the tar format that Docker's archive API takes. */
export function packFiles(files: Files, { uid, gid, mode }: FileOwner): Readable {
  const archive = pack();
  for (const folder of foldersOf(Object.keys(files))) {
    // A folder can be entered by whoever may read the files in it.
    archive.entry({
      name: folder,
      type: "directory",
      uid,
      gid,
      mode: mode | ((mode & 0o444) >> 2),
    });
  }
  for (const [path, content] of Object.entries(files)) {
    archive.entry({ name: path, uid, gid, mode }, content);
  }
  archive.finalize();
  return Readable.from(archive);
}

/**
 * Unpacks the regular files of a tar stream.
 *
 * @param root leading folder of every entry, left out of the paths returned
 */
export async function unpackFiles(stream: NodeJS.ReadableStream, root: string): Promise<Files> {
  const files: Files = {};
  const archive = extract();
  archive.on("entry", (header, content, next) => {
    text(content).then((body) => {
      if (header.type === "file") files[header.name.slice(root.length + 1)] = body;
      next();
    }, next);
  });
  await new Promise<void>((resolve, reject) => {
    archive.on("finish", resolve).on("error", reject);
    stream.on("error", reject).pipe(archive);
  });
  return files;
}

function foldersOf(paths: string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/").slice(0, -1);
    parts.forEach((_, depth) => folders.add(parts.slice(0, depth + 1).join("/")));
  }
  return [...folders].sort();
}
