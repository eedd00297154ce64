import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import dockerignore from "@balena/dockerignore";

/** A file, a folder or a symbolic link that a build is given. */
export interface BuildEntry {
  /** Relative to the folder, with `/` on every system. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  readonly isExecutable: boolean;
  readonly modifiedAt: Date;
}

/**
 * What a build is given: the folder as `.dockerignore` leaves it, sorted by path. Of a file's permissions only the
 * executable bit counts, as in git, so that the image does not depend on whose umask the checkout was made with.
 *
 * @param dockerfile path of the Dockerfile, relative to the folder
 */
export function listBuildFolder(folder: string, dockerfile: string): BuildEntry[] {
  const ignoreFile = join(folder, ".dockerignore");
  const rules = existsSync(ignoreFile) ? readFileSync(ignoreFile, "utf8") : "";
  const ignored = dockerignore().add(rules);
  // Docker takes these two even where .dockerignore leaves them out of the image.
  const always = [posix.normalize(dockerfile), ".dockerignore"];
  const canHoldKept = folderFilter([...always, ...listExceptions(rules)]);
  return listPaths(folder, (path) => !ignored.ignores(path) || canHoldKept(path))
    .filter((path) => always.includes(path) || !ignored.ignores(path))
    .sort()
    .map((path) => {
      const info = lstatSync(join(folder, path));
      const kind = info.isSymbolicLink() ? "symlink" : info.isDirectory() ? "directory" : "file";
      const isExecutable = kind === "file" && (info.mode & 0o111) !== 0;
      return { path, kind, isExecutable, modifiedAt: info.mtime };
    });
}

/** What `.dockerignore` takes back: the paths behind `!`. */
function listExceptions(rules: string): string[] {
  return rules
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("!"))
    .map((line) => posix.normalize(line.slice(1).trim()).replace(/^\//, ""));
}

/**
 * Tells of an ignored folder whether something in it may be kept all the same. Most often nothing is: a `node_modules` is
 * not read, which would take longer than the rest of a preview. Where the first part of an exception is a pattern, everything may be.
 */
function folderFilter(kept: readonly string[]): (folder: string) => boolean {
  const firstPart = (path: string) => path.split("/", 1)[0] ?? "";
  const firstParts = new Set(kept.map(firstPart));
  const hasPattern = [...firstParts].some((part) => /[*?[\\]/.test(part));
  return (folder) => hasPattern || firstParts.has(firstPart(folder));
}

/** Files, folders and symbolic links, at any depth of the folders that are to be read. */
function listPaths(folder: string, isRead: (path: string) => boolean, within = ""): string[] {
  return readdirSync(join(folder, within), { withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink())
    .flatMap((entry) => {
      const path = posix.join(within, entry.name);
      if (!entry.isDirectory() || !isRead(path)) return [path];
      return [path, ...listPaths(folder, isRead, path)];
    });
}

/** What is in a file, and where a symbolic link leads. */
export function readBuildEntry(folder: string, { path, kind }: BuildEntry): Buffer {
  const place = join(folder, path);
  if (kind === "directory") return Buffer.alloc(0);
  return kind === "symlink" ? Buffer.from(readlinkSync(place)) : readFileSync(place);
}
