import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
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
  const ignored = dockerignore().add(
    existsSync(ignoreFile) ? readFileSync(ignoreFile, "utf8") : "",
  );
  // Docker takes these two even where .dockerignore leaves them out of the image.
  const always = [posix.normalize(dockerfile), ".dockerignore"];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => always.includes(path) || !ignored.ignores(path))
    .sort()
    .map((path) => {
      const info = lstatSync(join(folder, path));
      const kind = info.isSymbolicLink() ? "symlink" : info.isDirectory() ? "directory" : "file";
      const isExecutable = kind === "file" && (info.mode & 0o111) !== 0;
      return { path, kind, isExecutable, modifiedAt: info.mtime };
    });
}

/** What is in a file, and where a symbolic link leads. */
export function readBuildEntry(folder: string, { path, kind }: BuildEntry): Buffer {
  const place = join(folder, path);
  if (kind === "directory") return Buffer.alloc(0);
  return kind === "symlink" ? Buffer.from(readlinkSync(place)) : readFileSync(place);
}
