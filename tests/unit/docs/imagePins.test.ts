import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { images } from "../../../config/images";

const root = join(__dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");

const { customManagers } = JSON.parse(read("renovate.json")) as {
  customManagers: { managerFilePatterns: string[]; matchStrings: string[] }[];
};
const [manager] = customManagers;
const matchString = new RegExp(manager?.matchStrings[0] ?? "", "g");

/** Images as Renovate finds them in a file. */
const findPins = (path: string) =>
  [...read(path).matchAll(matchString)].map(([reference]) => reference.slice(1));

describe("images with a version", () => {
  const followed = files.filter((path) =>
    manager?.managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path)),
  );

  it("are read by Renovate, each of them, where they are defined", () => {
    expect(findPins("config/images.ts").sort()).toStrictEqual(Object.values(images).sort());
    expect(followed).toEqual(
      expect.arrayContaining(["config/images.ts", "Pulumi.prod.yaml", "schema/stack.schema.json"]),
    );
  });

  it("are the same wherever Renovate follows them", () => {
    const others = followed.flatMap((path) =>
      findPins(path)
        .filter((pin) => !Object.values<string>(images).includes(pin))
        .map((pin) => `${path}: ${pin}`),
    );
    expect(others).toStrictEqual([]);
  });

  it("are what every Dockerfile starts from by default", () => {
    // Recipes for networks without image registries start from what is made there.
    const dockerfiles = files.filter(
      (path) => /(^|[./])Dockerfile$/.test(path) && !path.startsWith("cli/install/from-source/"),
    );
    const bases = dockerfiles.flatMap(
      (path) => /^ARG BASE_IMAGE=(.+)$/m.exec(read(path))?.[1] ?? [],
    );
    expect(bases.length).toBeGreaterThan(3);
    expect([...new Set(bases)].sort()).toStrictEqual([images.caddy, images.base].sort());
  });
});
