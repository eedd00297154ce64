import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  findLicenceProblems,
  readGoModules,
  readNpmLicence,
  recogniseLicence,
  type Component,
} from "./licences/licences";
import { reviewedModules, reviewedPackages } from "./licences/reviewed";
import { projectFolder } from "./versions";

// Refuses licences that must not be in what is built, linked or shipped. Go's modules are not on every machine: what was
// recognised in their texts is kept in a file, which `--write` brings up to date.

interface NpmPackage {
  readonly link?: boolean;
  readonly license?: unknown;
  readonly licenses?: unknown;
}

const recordFile = join(projectFolder, "cli", "licences", "goModules.json");
const recorded = JSON.parse(readFileSync(recordFile, "utf8")) as Readonly<Record<string, string>>;
const isWriting = process.argv.includes("--write");

const packages = findFiles("package-lock.json").flatMap(listPackages);
const goModules = listModules();
const problems = [
  ...findLicenceProblems(packages, reviewedPackages),
  ...findLicenceProblems(goModules, reviewedModules),
];
const entries = goModules.flatMap(({ name, licence }) =>
  licence === undefined ? [] : [[name, licence]],
);
const record = `${JSON.stringify(Object.fromEntries(entries.sort()), undefined, 2)}\n`;
if (isWriting) writeFileSync(recordFile, record);
else if (record !== readFileSync(recordFile, "utf8"))
  problems.push("cli/licences/goModules.json is out of date: npm run licences -- --write");
for (const problem of problems) console.error(problem);
console.log(
  `${packages.length} npm packages and ${goModules.length} Go modules: ${problems.length} problems with their licences`,
);
process.exitCode = problems.length > 0 ? 1 : 0;

function findFiles(name: string): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path);
      return entry.name === name ? [path] : [];
    });
  return walk(projectFolder);
}

/** What a lock file names; an installed package's own word counts. */
function listPackages(lockFile: string): Component[] {
  const { packages: locked } = JSON.parse(readFileSync(lockFile, "utf8")) as {
    packages: Readonly<Record<string, NpmPackage>>;
  };
  return Object.entries(locked).flatMap(([path, entry]) => {
    if (path === "" || entry.link === true) return [];
    const manifest = join(lockFile, "..", path, "package.json");
    const own = existsSync(manifest)
      ? (JSON.parse(readFileSync(manifest, "utf8")) as NpmPackage)
      : entry;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return [{ name, licence: readNpmLicence(own) }];
  });
}

/** By what the module cache holds, and else by the record. A next version may be under another licence. */
function listModules(): Component[] {
  const { stdout } = spawnSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" });
  const cache = (stdout as string | null)?.trim() ?? "";
  const files = findFiles("go.mod").map((file) => readFileSync(file, "utf8"));
  return [...new Set(files.flatMap(readGoModules))].map((name) => ({
    name,
    licence: readLicence(cache, name) ?? recorded[name],
  }));
}

/** @param name with its version */
function readLicence(cache: string, name: string): string | undefined {
  if (cache === "") return undefined;
  // Go spells an upper-case letter as `!` and the lower-case one.
  const path = name.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
  const folder = join(cache, path);
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)(?!.*docs)/i.test(each));
  return file && recogniseLicence(readFileSync(join(folder, file), "utf8"));
}
