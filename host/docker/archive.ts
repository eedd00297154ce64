import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { extract, type Pack, pack } from "tar-stream";

/** Text files by their path, relative to one folder. */
export type Files = Record<string, string>;

/** Owner and permissions that all files of an archive get. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, for example 0o444. */
  readonly mode: number;
}

/** Packs files, and the folders they are in, into the tar format that Docker's archive API takes. */
export function packFiles(files: Files, owner: FileOwner): Readable {
  const archive = pack();
  addFolders(archive, files, owner);
  const { uid, gid, mode } = owner;
  for (const [path, content] of Object.entries(files)) {
    archive.entry({ name: path, uid, gid, mode }, content);
  }
  archive.finalize();
  return Readable.from(archive);
}

/** Packs the folders that files are in, without the files. */
export function packFolders(files: Files, owner: FileOwner): Readable {
  const archive = pack();
  addFolders(archive, files, owner);
  archive.finalize();
  return Readable.from(archive);
}

function addFolders(archive: Pack, files: Files, { uid, gid, mode }: FileOwner): void {
  for (const folder of foldersOf(Object.keys(files))) {
    // A folder can be entered by all who may read its files.
    archive.entry({
      name: folder,
      type: "directory",
      uid,
      gid,
      mode: mode | ((mode & 0o444) >> 2),
    });
  }
}

/** A file of an archive. */
export interface UnpackedFile extends FileOwner {
  readonly content: string;
}

/**
 * Unpacks the regular files of a tar stream.
 *
 * @param root leading folder of every entry, left out of the paths returned
 */
export async function unpackFiles(
  stream: NodeJS.ReadableStream,
  root: string,
): Promise<Record<string, UnpackedFile>> {
  const files: Record<string, UnpackedFile> = {};
  const archive = extract();
  archive.on("entry", ({ type, name, uid, gid, mode }, stream, next) => {
    text(stream).then((content) => {
      if (type === "file") {
        // Podman calls the place that a volume is mounted to `/` in a container that does not run (seen with 5.4).
        const path = name.startsWith("/") ? name.slice(1) : name.slice(root.length + 1);
        files[path] = { content, uid, gid, mode: mode & 0o777 };
      }
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
