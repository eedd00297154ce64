import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  copyAsideScript,
  dropBeforeAsideScript,
  listNeededScript,
  measureScript,
  putBackAsideScript,
  renderMarkHeld,
  swapAsideScript,
  tidyAsideScript,
} from "../../../../cli/backup/asideScripts";

let root: string;
let data: string;
let aside: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glasshouse-aside-"));
  data = join(root, "volume");
  aside = join(root, "aside");
  mkdirSync(data);
  mkdirSync(aside);
});

afterEach(() => rmSync(root, { recursive: true }));

const run = (script: string) =>
  execFileSync("sh", ["-c", script.replaceAll("/data", data)], { cwd: aside, encoding: "utf8" });

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function list(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    paths
      .filter((path) => lstatSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), "utf8")]),
  );
}

const old = { PG_VERSION: "17", "base/1": "old", ".hidden": "old", "only-old": "old" };
const fresh = { PG_VERSION: "17", "base/1": "new", "only-new": "new" };

describe("a copy of an app's volume", () => {
  it("is outside of the volume, whole, with permissions and links", () => {
    write(data, { ...old, "a b/c": "d" });
    chmodSync(data, 0o700);
    chmodSync(join(data, "base"), 0o2770);
    symlinkSync("only-old", join(data, "link"));
    linkSync(join(data, "base/1"), join(data, "second-name"));
    execFileSync("mkfifo", [join(data, "pipe")]);
    run(copyAsideScript);

    const copy = join(aside, ".glasshouse-backup");
    expect(list(copy)).toStrictEqual({ ...old, "a b/c": "d", "second-name": "old" });
    expect(list(data)).toStrictEqual({ ...old, "a b/c": "d", "second-name": "old" });
    expect(statSync(copy).mode & 0o7777).toBe(0o700);
    expect(statSync(join(copy, "base")).mode & 0o7777).toBe(0o2770);
    expect(statSync(join(copy, "base/1")).ino).toBe(statSync(join(copy, "second-name")).ino);
    expect(lstatSync(join(copy, "link")).isSymbolicLink()).toBe(true);
    expect(readdirSync(copy)).not.toContain("pipe");
  });

  it("is measured before it is made", () => {
    write(data, { big: "x".repeat(1024 * 1024) });
    const [needed, free] = run(measureScript).split(" ").map(Number);
    expect(needed).toBeGreaterThanOrEqual(1024);
    expect(free).toBeGreaterThan(0);
  });
});

describe("an exchange of data", () => {
  beforeEach(() => {
    write(data, old);
    write(join(aside, ".glasshouse-restore"), fresh);
    chmodSync(join(aside, ".glasshouse-restore"), 0o750);
  });

  it("leaves nothing but the new data in the volume, and the old ones aside until they are dropped", () => {
    run(swapAsideScript);
    expect(list(data)).toStrictEqual(fresh);
    expect(readdirSync(data).sort()).toStrictEqual(["PG_VERSION", "base", "only-new"]);
    expect(statSync(data).mode & 0o777).toBe(0o750);
    expect(list(join(aside, ".glasshouse-before"))).toStrictEqual(old);
    expect(run(listNeededScript)).toContain(".glasshouse-before");
    run(dropBeforeAsideScript);
    expect(readdirSync(aside)).toStrictEqual([]);
    expect(run(listNeededScript)).toBe("");
  });

  // One call of `cp`, `mv`, `find` or `rm` after the other is the last that is made.
  const killer = (calls: number) =>
    ["cp", "mv", "find", "rm", "chmod"]
      .map(
        (name) =>
          `${name}() { [ $calls -lt ${calls} ] || kill -9 $$; calls=$((calls+1)); command ${name} "$@"; }`,
      )
      .join("\n")
      .replace(/^/, "calls=0\n");

  it.each([0, 1, 2, 3, 4, 5, 6, 7])("is undone where it was killed after %i commands", (calls) => {
    try {
      run(`${killer(calls)}\n${swapAsideScript}`);
    } catch (error) {
      expect((error as { signal?: string }).signal).toBe("SIGKILL");
    }
    const isInterrupted = run(tidyAsideScript) === "interrupted\n";
    if (!isInterrupted) expect(list(data)).toStrictEqual(old);

    run(putBackAsideScript);
    expect(list(data)).toStrictEqual(old);
    expect(readdirSync(aside)).toStrictEqual([]);
  });

  it("is never taken back to half of the old data", () => {
    run(swapAsideScript);
    const stopRemoving = `rm() { [ $# -eq 2 ] || kill -9 $$; command rm "$1" "$2/PG_VERSION"; kill -9 $$; }`;
    expect(() => run(`${stopRemoving}\n${dropBeforeAsideScript}`)).toThrow();
    expect(run(tidyAsideScript)).toBe("");
    expect(list(data)).toStrictEqual(fresh);
  });

  it.each([0, 1, 2, 3, 4])("is undone also where that was killed after %i commands", (calls) => {
    run(swapAsideScript);
    expect(() => run(`${killer(calls)}\n${putBackAsideScript}`)).toThrow();
    if (run(tidyAsideScript) === "interrupted\n") run(putBackAsideScript);
    expect(list(data)).toStrictEqual(old);
  });
});

it("names those that a killed run left held, and removes its copy", () => {
  write(aside, { ".glasshouse-backup/x": "x", ".glasshouse-restore/x": "x" });
  run(renderMarkHeld(["glasshouse-dev-db-1", "glasshouse-dev-db-2"]));
  expect(run(tidyAsideScript)).toBe("held glasshouse-dev-db-1\nheld glasshouse-dev-db-2\n");
  expect(readdirSync(aside)).toStrictEqual([".glasshouse-held"]);
});
