import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/**
 * A short hash of everything that goes into an image build: the folder's files as `.dockerignore` leaves them, their
 * executable bits, the Dockerfile's name and the build arguments. Equal inputs give the same image tag, so that a
 * build runs only when something changed.
 */
export function hashBuildFolder(
  folder: string,
  { dockerfile, buildArgs }: { dockerfile: string; buildArgs: Record<string, string> },
): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([dockerfile, Object.entries(buildArgs).sort()]));
  for (const path of listFiles(folder)) {
    const file = join(folder, path);
    hash.update(JSON.stringify([path, (statSync(file).mode & 0o111) !== 0]));
    hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

function listFiles(folder: string): string[] {
  const ignoreFile = join(folder, ".dockerignore");
  const ignored = dockerignore().add(
    existsSync(ignoreFile) ? readFileSync(ignoreFile, "utf8") : "",
  );
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length))
    .filter((path) => !ignored.ignores(path))
    .sort();
}
