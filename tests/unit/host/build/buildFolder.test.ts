import fs, { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listBuildFolder } from "../../../../host/build/buildFolder";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glasshouse-build-folder-"));
  for (const path of [
    "Dockerfile",
    "main.js",
    "node_modules/one/index.js",
    "node_modules/one/README.md",
    "node_modules/.keep",
    "docker/Dockerfile",
    "docker/notes.txt",
  ]) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), "");
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function listFiles(rules: string, dockerfile = "Dockerfile"): string[] {
  writeFileSync(join(folder, ".dockerignore"), rules);
  return listBuildFolder(folder, dockerfile)
    .filter(({ kind }) => kind === "file")
    .map(({ path }) => path);
}

describe("listBuildFolder", () => {
  const always = [".dockerignore", "Dockerfile"];

  it.each<[string, string[]]>([
    ["node_modules\ndocker", [...always, "main.js"]],
    ["*\n!main.js", [...always, "main.js"]],
    ["*\n!node_modules/one/index.js", [...always, "node_modules/one/index.js"]],
    ["*\n! /node_modules/.keep", [...always, "node_modules/.keep"]],
    ["*\n!./node_modules/.keep", [...always, "node_modules/.keep"]],
    ["*\n!**/README.md", [...always, "node_modules/one/README.md"]],
    ["*\n!*/.keep", [...always, "node_modules/.keep"]],
    ["*\n!node_modules\nnode_modules/one", [...always, "node_modules/.keep"]],
  ])("takes what %j leaves", (rules, expected) => {
    expect(listFiles(rules).sort()).toEqual(expected.sort());
  });

  it("takes a Dockerfile from a folder that is left out", () => {
    expect(listFiles("docker\nnode_modules", "docker/Dockerfile")).toEqual([
      ".dockerignore",
      "Dockerfile",
      "docker/Dockerfile",
      "main.js",
    ]);
  });

  it("does not read a folder of which nothing is taken", () => {
    const read = jest.spyOn(fs, "readdirSync");
    listFiles("*\n!main.js");
    expect(read.mock.calls.map(([path]) => path)).toEqual([join(folder)]);
  });
});
