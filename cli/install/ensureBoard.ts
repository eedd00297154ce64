import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOrReject } from "../run";
import { showStep } from "../showStep";
import { projectFolder } from "../versions";

const folder = join(projectFolder, "board");
/** Written last, so that a killed build is done again. */
const mark = join(folder, "dist.sources");
const sources = ["src", "public", "scripts", "index.html", "package-lock.json", "vite.config.mts"];

/** Whether the dashboards page, as its sources are now, is not built yet. */
export function isBoardMissing(): boolean {
  return !existsSync(mark) || readFileSync(mark, "utf8") !== hashSources();
}

/** Builds the dashboards page: into `board/dist`, from where the program takes it. */
export async function ensureBoard(): Promise<void> {
  if (!isBoardMissing()) return;
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = { cwd: folder };
  await showStep("Installing what the dashboards page is built with (1 to 2 minutes)", () =>
    runOrReject([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], options),
  );
  await showStep("Building the dashboards page", () =>
    runOrReject([npm, "run", "build", "--silent"], options),
  );
  writeFileSync(mark, hashSources());
}

function hashSources(): string {
  const hash = createHash("sha256");
  for (const path of sources.flatMap(listFiles).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function listFiles(path: string): string[] {
  const entries = existsSync(join(folder, path))
    ? readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name === path)
    : [];
  return entries.flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
          .filter((found) => found.isFile())
          .map((found) => join(found.parentPath, found.name).slice(folder.length + 1))
      : [path],
  );
}
