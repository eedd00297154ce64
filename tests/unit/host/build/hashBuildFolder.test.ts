import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { hashBuildFolder } from "../../../../host/build/hashBuildFolder";

let work: string;
let folder: string;
const build = { dockerfile: "Dockerfile", buildArgs: { BASE_IMAGE: "debian", COLOUR: "green" } };
const hash = () => hashBuildFolder(folder, build);

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "glasshouse-hash-"));
  folder = join(work, "app");
  mkdirSync(join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "Dockerfile"), "FROM debian\n");
  writeFileSync(join(folder, ".dockerignore"), "*.log\nnode_modules\nDockerfile\n!keep.log\n");
  writeFileSync(join(folder, "src", "main.js"), "start();\n");
  writeFileSync(join(folder, "start.sh"), "#!/bin/sh\n", { mode: 0o644 });
});

afterEach(() => {
  rmSync(work, { recursive: true });
});

describe("hashBuildFolder", () => {
  it("is twelve hexadecimal digits, fit for an image tag", () => {
    expect(hash()).toMatch(/^[0-9a-f]{12}$/);
  });

  const changes: [string, () => void][] = [
    ["a file's content", () => writeFileSync(join(folder, "src/main.js"), "stop();\n")],
    ["a new file", () => writeFileSync(join(folder, "src/other.js"), "")],
    ["a file's name", () => renameSync(join(folder, "src/main.js"), join(folder, "src/index.js"))],
    ["a file's folder", () => renameSync(join(folder, "src"), join(folder, "lib"))],
    ["a file that is gone", () => rmSync(join(folder, "start.sh"))],
    ["the executable bit", () => chmodSync(join(folder, "start.sh"), 0o755)],
    ["a Dockerfile that .dockerignore leaves out", () => edit("Dockerfile", "FROM alpine\n")],
    ["a file that .dockerignore takes back in", () => edit("keep.log", "kept")],
    ["a symbolic link", () => symlinkSync("src/main.js", join(folder, "main.js"))],
  ];
  const edit = (path: string, text: string) => writeFileSync(join(folder, path), text);

  it.each(changes)("changes with %s", (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  it("changes with where a symbolic link leads, even to nowhere", () => {
    symlinkSync("src/main.js", join(folder, "main.js"));
    const before = hash();
    rmSync(join(folder, "main.js"));
    symlinkSync("nowhere", join(folder, "main.js"));
    expect(hash()).not.toBe(before);
  });

  it("does not take the end of one file for the beginning of the next", () => {
    writeFileSync(join(folder, "a"), 'x["b",false]y');
    const joined = hash();
    writeFileSync(join(folder, "a"), "x");
    writeFileSync(join(folder, "b"), "y");
    expect(hash()).not.toBe(joined);
  });

  it.each<[string, Partial<typeof build>]>([
    ["a build argument's value", { buildArgs: { BASE_IMAGE: "debian", COLOUR: "blue" } }],
    ["the Dockerfile's name", { dockerfile: "start.sh" }],
  ])("changes with %s", (_, change) => {
    expect(hashBuildFolder(folder, { ...build, ...change })).not.toBe(hash());
  });

  it("stays the same for what .dockerignore leaves out, and for a file's time", () => {
    const before = hash();
    writeFileSync(join(folder, "debug.log"), "noise");
    mkdirSync(join(folder, "node_modules/left-pad"), { recursive: true });
    writeFileSync(join(folder, "node_modules/left-pad/index.js"), "");
    utimesSync(join(folder, "src/main.js"), 1, 1);
    expect(hash()).toBe(before);
  });

  it("stays the same whatever the order of build arguments and of files on the disk", () => {
    const before = hash();
    cpSync(join(folder, "src"), join(folder, "copy"), { recursive: true });
    rmSync(join(folder, "src"), { recursive: true });
    renameSync(join(folder, "copy"), join(folder, "src"));
    const buildArgs = { COLOUR: "green", BASE_IMAGE: "debian" };
    expect(hashBuildFolder(folder, { ...build, buildArgs })).toBe(before);
  });

  it("stays the same however the folder is written", () => {
    const written = [folder, `${folder}/`, `${folder}/../app`, relative(process.cwd(), folder)];
    expect(new Set(written.map((path) => hashBuildFolder(path, build)))).toStrictEqual(
      new Set([hash()]),
    );
  });

  it("takes the current folder", () => {
    const before = hash();
    const here = process.cwd();
    process.chdir(folder);
    try {
      expect(hashBuildFolder(".", build)).toBe(before);
    } finally {
      process.chdir(here);
    }
  });
});
