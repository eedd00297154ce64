import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { images } from "../../config/images";
import { run } from "../../cli/run";
import { docker, inspectContainers, readContainerIds } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { ImageRegistry } from "../support/internetRoute/imageRegistry";
import { PrometheusApi } from "../support/prometheusApi";
import { RegistryLogin } from "../support/registryLogin";
import { readTree } from "../support/security/readTree";
import { watchProcesses } from "../support/security/watchProcesses";
import { tiny } from "../support/shopStack";
import { skipThisTest } from "../support/skip";
import { readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

// All images of the default settings come from a registry on loopback that asks for a log-in, by `imageMirror` alone.

const password = `secret-${randomBytes(9).toString("hex")}`;
const wrongPassword = `wrong-${randomBytes(9).toString("hex")}`;
let registry: ImageRegistry | undefined;
let login: RegistryLogin;
let stack: TestStack;
const noRegistry = "an image registry needs Debian's docker-registry, or apt and root";
let port: number;
let outputs = "";
/** What was started, in this order; also when something after it fails. */
const cleanUps: (() => Promise<unknown>)[] = [];

const onMirror = (host: string) => ({
  prometheus: `${host}/hub/${images.prometheus}`,
  base: `${host}/hub/library/${images.base}`,
});

beforeAll(async () => {
  registry = await ImageRegistry.start();
  if (registry === undefined) return;
  cleanUps.push(registry.remove.bind(registry));
  const { base, prometheus } = readTestImages();
  await publish(base, onMirror(registry.host).base);
  await publish(prometheus, onMirror(registry.host).prometheus);
  login = await RegistryLogin.start(registry.host, { name: "ci", password });
  cleanUps.push(() => login.stop());
  cleanUps.push(() => run(["docker", "image", "rm", ...Object.values(onMirror(login.host))]));
  [port = 0] = await findFreePorts(1);
  stack = await TestStack.create("private");
  cleanUps.push(() => stack.remove());
});

afterAll(async () => {
  const failures: unknown[] = [];
  for (const cleanUp of cleanUps.reverse()) {
    await cleanUp().catch((error: unknown) => failures.push(error));
  }
  expect(failures).toStrictEqual([]);
});

const registryAuth = () => [
  { registry: login.host, username: "ci", password: { config: "registryPassword" } },
];
const settings = (more: Record<string, unknown> = {}) => ({
  engineMetrics: { mode: "off" },
  grafana: { deploy: "never" },
  imageMirror: { registry: `${login.host}/hub` },
  prometheus: { publishPort: port },
  apps: [{ name: "shop", ...tiny }],
  ...more,
});

/** Pulumi starts nothing more after the first failure, and which one that is depends on the moment. */
const toTheEnd = ["--continue-on-error"];

it("names the setting that is missing", async () => {
  if (registry === undefined) {
    skipThisTest(noRegistry);
    return;
  }
  stack.write(settings());
  const output = await stack.failToUp(...toTheEnd);
  expect(output).toContain(`${onMirror(login.host).prometheus} could not be pulled`);
  expect(output).toMatch(/shop:\w+ could not be built from tests\/support\/apps\/tiny/);
  expect(output).toContain(`The registry ${login.host} knows no such image, or asks for a log-in`);
  expect(output).toContain("`registryAuth` names none for it");
});

it("names the log-in that is refused, and never shows its password", async () => {
  if (registry === undefined) {
    skipThisTest(noRegistry);
    return;
  }
  await stack.setSecret("registryPassword", wrongPassword);
  stack.write(settings({ registryAuth: registryAuth() }));
  const output = await stack.failToUp(...toTheEnd);
  const advice = `registryAuth[0] logs in to ${login.host} as ci, and that is refused`;
  // Once for Prometheus' image, and once for the build.
  expect(output.split(advice).length).toBeGreaterThan(2);
  expect(output).toContain("pulumi config set --secret registryPassword");
  expect(output).not.toContain(wrongPassword);
  expect(await readContainerIds(stack.prefix)).toStrictEqual({});
});

it("pulls Prometheus and builds an app with the log-in, whose password nobody sees", async () => {
  if (registry === undefined) {
    skipThisTest(noRegistry);
    return;
  }
  await stack.setSecret("registryPassword", password);
  const { commandLines } = await watchProcesses(async () => {
    outputs += await stack.pulumi("preview", "--diff", "--non-interactive");
    outputs += await stack.up("--diff");
  });
  expect(login.letIn.basic).toBeGreaterThan(0);
  const prometheus = new PrometheusApi(`http://127.0.0.1:${port}`);
  expect(await prometheus.waitForTargets("shop", 1)).toHaveLength(1);

  const containers = await inspectContainers(Object.keys(await readContainerIds(stack.prefix)));
  const builtImages = await docker("image", "ls", "--quiet", `${stack.prefix}/shop`);
  const places = {
    output: outputs,
    containers: JSON.stringify(containers),
    images: await docker("image", "inspect", builtImages, ...Object.values(onMirror(login.host))),
    history: await docker("history", "--no-trunc", builtImages),
    state: JSON.stringify(await readTree(stack.session.stateFolder ?? "")),
    commandLines: [...commandLines].join("\n"),
  };
  const encoded = Buffer.from(`ci:${password}`).toString("base64");
  for (const [place, text] of Object.entries(places)) {
    expect([place, text.includes(password), text.includes(encoded)]).toStrictEqual([
      place,
      false,
      false,
    ]);
  }
  expect(places.state).toContain(login.host);
  await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
});

it("takes a registry that hands out tokens as well, and keeps containers when an image comes back", async () => {
  if (registry === undefined) {
    skipThisTest(noRegistry);
    return;
  }
  login.kind = "bearer";
  const before = await readContainerIds(stack.prefix);
  const images = Object.values(onMirror(login.host));
  await docker("image", "rm", "--force", ...images);
  await docker(
    "image",
    "rm",
    "--force",
    await docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", `${stack.prefix}/shop`),
  );
  // One more log-in, which nothing needs, is no reason for new containers either.
  const other = { ...registryAuth()[0], registry: "other.example" };
  stack.write(settings({ registryAuth: [...registryAuth(), other] }));
  await stack.up();
  expect(login.letIn.bearer).toBeGreaterThan(0);
  expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
});

/** Pushes what stands for an official image, behind the door that asks for a log-in. */
async function publish(image: string, reference: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-private-"));
  try {
    // A layer of its own, so that the engine cannot know the image.
    writeFileSync(join(folder, "layer"), randomBytes(1024));
    writeFileSync(join(folder, "Dockerfile"), `FROM ${image}\nCOPY layer /layer\n`);
    await docker("build", "--quiet", "--tag", reference, folder);
    await docker("push", "--quiet", reference);
    await docker("image", "rm", reference);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
