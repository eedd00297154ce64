import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import dockerignore from "@balena/dockerignore";

/**
 * A short hash of everything that goes into an image build: the folder's files as `.dockerignore` leaves them, their
 * executable bits, where symbolic links lead, the Dockerfile and the build arguments. Equal inputs give the same image
 * tag, so that a build runs only when something changed.
 */
export function hashBuildFolder(
  folder: string,
  { dockerfile, buildArgs }: { dockerfile: string; buildArgs: Record<string, string> },
): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([dockerfile, Object.entries(buildArgs).sort()]));
  for (const path of listFiles(folder, dockerfile)) {
    const file = join(folder, path);
    const info = lstatSync(file);
    const content = info.isSymbolicLink() ? Buffer.from(readlinkSync(file)) : readFileSync(file);
    const isExecutable = (info.mode & 0o111) !== 0;
    hash.update(JSON.stringify([path, info.isSymbolicLink(), isExecutable, content.length]));
    hash.update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

function listFiles(folder: string, dockerfile: string): string[] {
  const ignoreFile = join(folder, ".dockerignore");
  const ignored = dockerignore().add(
    existsSync(ignoreFile) ? readFileSync(ignoreFile, "utf8") : "",
  );
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      // Docker takes the Dockerfile even where .dockerignore leaves it out of the image.
      .filter((path) => path === join(dockerfile) || !ignored.ignores(path))
      .sort()
  );
}
