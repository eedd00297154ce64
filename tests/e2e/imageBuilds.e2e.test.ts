import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { tmpdir } from "node:os";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { run } from "../../cli/run";
import { projectFolder } from "../../cli/versions";
import { docker, readContainerIds } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { networkSettings, readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

// Two apps are built from one folder, a third one from a copy of it.

let stack: TestStack;
let port: number;
let work: string;

const folder = (name: string) => relative(projectFolder, join(work, name));
const app = (name: string, context: string): AppSettingsInput => ({
  name,
  build: { context: folder(context) },
  memoryMb: 64,
});
const settingsWith = (...apps: AppSettingsInput[]) => {
  const { builds, prometheus } = networkSettings();
  return {
    engineMetrics: { mode: "off" },
    grafana: { deploy: "never" },
    builds,
    prometheus: { ...prometheus, publishPort: port },
    apps,
  };
};

const imageOf = (name: string) =>
  docker("inspect", "-f", "{{.Image}}", `${stack.prefix}-${name}-1`);
const listImages = async (name = "*") =>
  (await docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", `${stack.prefix}/${name}`))
    .split("\n")
    .filter((line) => line !== "")
    .sort();
const listChanged = (before: Record<string, string>, after: Record<string, string>) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
const expectNothingToDo = () => stack.pulumi("preview", "--expect-no-changes", "--non-interactive");

beforeAll(async () => {
  [port = 0] = await findFreePorts(1);
  work = mkdtempSync(join(tmpdir(), "glasshouse-builds-"));
  for (const name of ["shared", "own"]) {
    cpSync(join(projectFolder, "tests/support/apps/tiny"), join(work, name), { recursive: true });
    writeFileSync(join(work, name, ".dockerignore"), "*.log\n");
    // A line of the test run's own, so that nothing is found in the cache of another one.
    appendFileSync(join(work, name, "Dockerfile"), `LABEL test="${stackPurpose}-${name}"\n`);
  }
  stack = await TestStack.create("builds");
  stack.write(settingsWith(app("shop", "shared"), app("till", "shared"), app("desk", "own")));
  await stack.up();
});

const stackPurpose = `builds-${process.pid}`;

afterAll(async () => {
  try {
    await stack.remove();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

it("gives two apps with one folder the same image, each by a name of its own", async () => {
  expect(await imageOf("shop")).toBe(await imageOf("till"));
  expect(await imageOf("desk")).not.toBe(await imageOf("shop"));
  expect((await listImages()).map((name) => name.split(":")[0])).toStrictEqual(
    ["desk", "shop", "till"].map((name) => `${stack.prefix}/${name}`),
  );
});

it("builds nothing for a file that .dockerignore leaves out", async () => {
  writeFileSync(join(work, "own", "debug.log"), "noise");
  await expectNothingToDo();
});

it("rebuilds what someone removed or renamed, and replaces no container for the same image", async () => {
  const before = await readContainerIds(stack.prefix);
  const images = await listImages();
  await docker("image", "rm", "--force", ...(await listImages("shop")));
  const [desk = ""] = await listImages("desk");
  await docker("image", "tag", readTestImages().base, desk);
  await stack.up();

  expect(await listImages()).toStrictEqual(images);
  expect(await docker("image", "inspect", "-f", "{{.Id}}", desk)).toBe(await imageOf("desk"));
  expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
});

it("replaces the app whose file changed and no other, and builds nothing in the preview", async () => {
  const before = await readContainerIds(stack.prefix);
  const [old = ""] = await listImages("desk");
  appendFileSync(join(work, "own", "serve.pl"), "# changed\n");
  const preview = await stack.pulumi("preview", "--non-interactive", "--color", "never");
  expect(preview).toMatch(/BuiltImage +desk-image +replace/);
  expect(preview).not.toMatch(/(shop|till)-image +(create|replace|delete)/);
  expect(await listImages("desk")).toStrictEqual([old]);
  await stack.up();

  const { [`${stack.prefix}-desk-1`]: deskBefore, ...others } = before;
  const { [`${stack.prefix}-desk-1`]: desk, ...othersNow } = await readContainerIds(stack.prefix);
  expect(desk).not.toBe(deskBefore);
  expect(othersNow).toStrictEqual(others);
  const images = await listImages("desk");
  expect(images).toHaveLength(1);
  expect(images).not.toContain(old);
  await expectNothingToDo();
});

it("ends a failing build with its step and its last lines, and leaves no image and no app behind", async () => {
  const before = await readContainerIds(stack.prefix);
  const images = await listImages();
  mkdirSync(join(work, "broken"));
  const lines = ["ARG BASE_IMAGE", "FROM ${BASE_IMAGE}", "RUN echo the oven is cold; exit 3"];
  writeFileSync(join(work, "broken", "Dockerfile"), `${lines.join("\n")}\n`);
  stack.write(settingsWith(app("shop", "shared"), app("till", "shared"), app("desk", "broken")));
  const output = await stack.failToUp();

  expect(output).toMatch(/desk:\w+ could not be built from \S*broken: .*non-zero code: 3/);
  expect(output).toContain("Step 3/3 of its Dockerfile: RUN echo the oven is cold; exit 3");
  expect(output).toMatch(/^ +the oven is cold$/m);
  expect(output).not.toMatch(/^ +at .*\.[jt]s/m);
  expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
  expect(await listImages()).toStrictEqual(images);
});

it("leaves an image alone as long as others use it: an app of the same folder, a container by hand", async () => {
  const before = await readContainerIds(stack.prefix);
  const [desk = ""] = await listImages("desk");
  const byHand = `${stack.prefix}-by-hand`;
  await docker("container", "create", "--name", byHand, desk);
  try {
    // Another name for the same image, since the Dockerfile does not ask for the argument; or for an equal one, where the
    // engine's cache has lost what other stacks' updates took away at that moment.
    const shopImage = await imageOf("shop");
    const shop = { context: folder("shared"), args: { COLOUR: "red" } };
    stack.write(settingsWith({ ...app("shop", "shared"), build: shop }, app("till", "shared")));
    const output = await stack.up();

    expect(output).toContain(`The image ${desk} stays, since a container uses it`);
    expect(await listImages("desk")).toStrictEqual([desk]);
    const { [`${stack.prefix}-desk-1`]: _, ...others } = before;
    const { [byHand]: __, ...now } = await readContainerIds(stack.prefix);
    const shopOnly = [`${stack.prefix}-shop-1`];
    expect(listChanged(others, now)).toStrictEqual(
      (await imageOf("shop")) === shopImage ? [] : shopOnly,
    );
    expect(await listImages("till")).toHaveLength(1);
    expect(await listImages("shop")).toHaveLength(1);
  } finally {
    await docker("container", "rm", byHand);
    await run(["docker", "image", "rm", desk]);
  }
});
