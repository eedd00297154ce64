// Runs before anything is installed: Node.js' own modules only, no TypeScript.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const oldestNode = [20, 12];

rejectOldNode();
installDependencies();
const loader = ["--require", join(root, "runtime", "loadTypeScript.cjs")];
const [command, ...rest] = process.argv.slice(2);
// Measuring is no part of the product, and has an entry of its own.
const entry = command === "bench" ? ["bench/main.ts", ...rest] : ["cli/main.ts", command, ...rest];
const args = [...loader, ...entry.filter((arg) => arg !== undefined)];
// Ctrl-C reaches the command too; this process ends when that has ended.
process.on("SIGINT", () => undefined);
const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
process.exit(signal ? 130 : (status ?? 1));

function rejectOldNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  console.error(
    `Glasshouse needs Node.js ${oldestNode.join(".")} or newer; this is ${process.versions.node}.`,
  );
  process.exit(1);
}

/** Installs what package-lock.json names. The mark is written last, so that a killed install is done again. */
function installDependencies() {
  const mark = join(root, "node_modules", ".glasshouse-lock");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(mark) && readFileSync(mark, "utf8") === lock) return;
  console.log("Installing the project's dependencies into node_modules (npm ci) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) {
    console.error(
      "npm could not install the dependencies; its error is above. Run the command again once npm's registry is reachable.",
    );
    process.exit(1);
  }
  writeFileSync(mark, lock);
}
