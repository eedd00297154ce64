import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  putBackScript,
  renderCopy,
  renderMeasure,
  swapScript,
  tidyScript,
} from "../../../../cli/backup/volumeScripts";

const block = "01KB0000000000000000000000";

let volume: string;

beforeEach(() => {
  volume = mkdtempSync(join(tmpdir(), "glasshouse-volume-"));
});

afterEach(() => rmSync(volume, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(volume, path)), { recursive: true });
    writeFileSync(join(volume, path), content);
  }
}

/** Every file of the volume, with its content. */
function list(folder = ""): Record<string, string> {
  const paths = readdirSync(join(volume, folder), { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(volume, folder, path)).isFile())
      .map((path) => [path, readFileSync(join(volume, folder, path), "utf8")]),
  );
}

const run = (script: string) =>
  execFileSync("sh", ["-c", script], { cwd: volume, encoding: "utf8" });

const isLinked = (path: string) =>
  statSync(join(volume, path)).ino === statSync(join(volume, ".glasshouse-backup", path)).ino;

describe("a copy of Prometheus' data", () => {
  const data = {
    [`${block}/meta.json`]: "{}",
    [`${block}/chunks/000001`]: "block",
    "wal/00000009": "old",
    "wal/00000010": "new",
    "wal/checkpoint.00000008/00000000": "checkpoint",
    "chunks_head/000003": "old",
    "chunks_head/000004": "new",
  };

  it("links what never changes and copies what is written to", () => {
    write({ ...data, "wbl/00000000": "late", "something.new": "unknown" });
    run(renderCopy("prometheus"));

    expect(list(".glasshouse-backup")).toStrictEqual({
      ...data,
      "wbl/00000000": "late",
      "something.new": "unknown",
    });
    const linked = Object.keys(list(".glasshouse-backup")).filter(isLinked).sort();
    expect(linked).toStrictEqual(
      [
        `${block}/chunks/000001`,
        `${block}/meta.json`,
        "chunks_head/000003",
        "wal/00000009",
        "wal/checkpoint.00000008/00000000",
      ].sort(),
    );
  });

  it("leaves out what is unfinished, and what belongs to the running server", () => {
    write({
      ...data,
      lock: "1",
      "queries.active": "[]",
      [`${block}.tmp-for-creation/meta.json`]: "{",
      "wal/checkpoint.00000009.tmp/00000000": "half",
      [`${block}/tombstones.tmp`]: "half",
      ".glasshouse-before/wal/00000001": "old data",
    });
    run(renderCopy("prometheus"));

    expect(list(".glasshouse-backup")).toStrictEqual(data);
  });

  it("is possible of a server that has just started", () => {
    mkdirSync(join(volume, "wal"));
    mkdirSync(join(volume, "chunks_head"));
    run(renderCopy("prometheus"));

    expect(readdirSync(join(volume, ".glasshouse-backup")).sort()).toStrictEqual([
      "chunks_head",
      "wal",
    ]);
  });

  it("needs space only for what is copied", () => {
    const megabyte = "x".repeat(1024 * 1024);
    write({ [`${block}/index`]: megabyte, "wal/00000001": megabyte, "wal/00000002": megabyte });
    const [needed, free] = run(renderMeasure("prometheus")).split(" ").map(Number);

    expect(needed).toBeGreaterThanOrEqual(1024);
    expect(needed).toBeLessThan(2048);
    expect(free).toBeGreaterThan(0);
  });
});

describe("a copy of Grafana's data", () => {
  it("is real to the last file, with permissions and hidden files", () => {
    write({ "grafana.db": "db", "grafana.db-journal": "journal", ".hidden": "h", "a b/c": "d" });
    chmodSync(join(volume, "grafana.db"), 0o640);
    run(renderCopy("grafana"));

    const copy = list(".glasshouse-backup");
    expect(Object.keys(copy).sort()).toStrictEqual([
      ".hidden",
      "a b/c",
      "grafana.db",
      "grafana.db-journal",
    ]);
    expect(Object.keys(copy).filter(isLinked)).toStrictEqual([]);
    expect(statSync(join(volume, ".glasshouse-backup/grafana.db")).mode & 0o777).toBe(0o640);
    expect(Number(run(renderMeasure("grafana")).split(" ")[0])).toBeGreaterThan(0);
  });
});

describe("a swap of old data for new ones", () => {
  const old = { "wal/00000001": "old", "only-old": "old", ".hidden": "old" };
  const fresh = { "wal/00000001": "new", "only-new": "new" };
  const staged = Object.fromEntries(
    Object.entries(fresh).map(([path, content]) => [`.glasshouse-restore/${path}`, content]),
  );
  const before = Object.fromEntries(
    Object.entries(old).map(([path, content]) => [`.glasshouse-before/${path}`, content]),
  );

  it("keeps the old ones aside, and puts them back", () => {
    write({ ...old, ...staged });
    run(swapScript);
    expect(list()).toStrictEqual({ ...fresh, ...before });

    run(putBackScript);
    expect(list()).toStrictEqual(old);
    expect(readdirSync(volume).filter((name) => name.startsWith(".glasshouse"))).toStrictEqual([]);
  });

  // One call of `mv` after the other is the last that is made.
  it.each([1, 2, 3, 4, 5, 6])("is undone also where it was killed after %i moves", (moves) => {
    write({ ...old, ...staged });
    const killer = `moves=0; mv() { [ $moves -lt ${moves} ] || kill -9 $$; moves=$((moves+1)); command mv "$@"; }\n`;
    try {
      run(killer + swapScript);
    } catch (error) {
      expect((error as { signal?: string }).signal).toBe("SIGKILL");
    }
    expect(run(tidyScript)).toBe("interrupted\n");

    run(putBackScript);
    expect(list()).toStrictEqual(old);
  });

  it.each([1, 2, 3, 4, 5])("is put back also where that was killed after %i moves", (moves) => {
    write({ ...fresh, ...before });
    const killer = `moves=0; mv() { [ $moves -lt ${moves} ] || kill -9 $$; moves=$((moves+1)); command mv "$@"; }\n`;
    expect(() => run(killer + putBackScript)).toThrow();

    run(putBackScript);
    expect(list()).toStrictEqual(old);
  });
});

describe("tidying up", () => {
  it("removes what killed runs left behind and says where a server may be paused", () => {
    write({
      ".glasshouse-backup/wal/1": "",
      ".glasshouse-restore/wal/1": "",
      ".glasshouse-paused": "",
      "wal/1": "data",
    });

    expect(run(tidyScript)).toBe("paused\n");
    expect(list()).toStrictEqual({ ".glasshouse-paused": "", "wal/1": "data" });
    expect(existsSync(join(volume, ".glasshouse-restore"))).toBe(false);
  });
});
