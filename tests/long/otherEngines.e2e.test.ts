import { docker } from "../support/dockerCommands";
import { ContainedEngine, type ContainedKind } from "../support/containedEngine";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { tiny } from "../support/shopStack";
import { skip } from "../support/skip";
import { readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

const image = `glasshouse-e2e-engines-${process.pid}/tiny:1`;
const { base, prometheus: prometheusImage } = readTestImages();

beforeAll(() =>
  docker(
    "build",
    "--quiet",
    "--tag",
    image,
    "--build-arg",
    `BASE_IMAGE=${base}`,
    tiny.build.context,
  ),
);
afterAll(() => docker("image", "rm", image));

/** What an engine of each kind is asked for, and how it refuses what it cannot do. */
const kinds = [
  { kind: "podman", mode: "off", refusal: "This is Podman" },
  { kind: "rootless", mode: "external", refusal: "This engine runs rootless" },
] as const;

for (const { kind, mode, refusal } of kinds) {
  const obstacle = ContainedEngine.findObstacle(kind);
  if (obstacle === undefined)
    describe(`an engine of the kind ${kind}`, () => testKind(kind, mode, refusal));
  else skip(`an engine of the kind ${kind}`, obstacle);
}

function testKind(kind: ContainedKind, mode: "off" | "external", refusal: string): void {
  let engine: ContainedEngine;
  let stack: TestStack;
  let ports: number[];

  const write = (shop: object, engineMetrics: object = { mode }) =>
    stack.write({
      host: { uri: engine.dockerHost },
      engineMetrics,
      grafana: { deploy: "never" },
      prometheus: {
        image: prometheusImage,
        publishPort: ports[0],
        publishAddress: "0.0.0.0",
        scrapeIntervalSeconds: 2,
      },
      apps: [
        {
          name: "shop",
          image,
          replicas: 3,
          memoryMb: 64,
          secrets: { KEY: { config: "shopKey" } },
          healthCheck: { command: ["perl", "-e", "exit 0"], intervalSeconds: 2 },
          ...shop,
        },
        { name: "till", image, memoryMb: 64, publishPort: ports[1] },
      ],
    });
  const shopIds = async () =>
    (await engine.docker("ps", "--quiet", "--filter", "label=glasshouse.app=shop"))
      .split("\n")
      .sort();
  const expectNothingToDo = () =>
    stack.pulumi("preview", "--expect-no-changes", "--non-interactive");

  beforeAll(async () => {
    ports = await findFreePorts(2);
    engine = await ContainedEngine.start(kind, [prometheusImage, image]);
    stack = await TestStack.create(kind);
    write({});
    await stack.setSecret("shopKey", "hush");
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      await engine.stop();
    }
  });

  it("refuses, in a preview too, what the engine cannot do, with the setting to change", async () => {
    write({}, {});
    const { exitCode, stdout } = await stack.tryPulumi("preview", "--non-interactive");
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain(refusal);
    expect(stdout).toContain("glasshouse:engineMetrics: {");
    expect(await stack.failToUp()).toContain("Nothing was changed");
    expect(await engine.listRemains()).toBe("");
  });

  it("carries a whole stack, and has nothing to do afterwards", async () => {
    write({});
    await stack.up();
    const { scrapeTargets } = await stack.readOutputs<{ scrapeTargets: Record<string, number> }>();
    const engineTargets = mode === "off" ? {} : { docker: 1 };
    expect(scrapeTargets).toStrictEqual({ prometheus: 1, shop: 3, till: 1, ...engineTargets });
    const prometheus = new PrometheusApi(`http://${await engine.readAddress()}:${ports[0]}`);
    await prometheus.waitForAllTargets(scrapeTargets);
    const [shop = ""] = await shopIds();
    expect(await engine.docker("exec", shop, "cat", "/run/secrets/KEY")).toBe("hush");
    await expectNothingToDo();
  });

  it("changes limits, replicas and scrape jobs without another container", async () => {
    const before = await shopIds();
    write({ replicas: 2, memoryMb: 80, scrapeIntervalSeconds: 3 });
    await stack.up();
    const after = await shopIds();
    expect(after).toHaveLength(2);
    expect(before).toEqual(expect.arrayContaining(after));
    await expectNothingToDo();
  });

  it("starts a container again that was stopped by hand, and goes without remains", async () => {
    const before = await shopIds();
    await engine.docker("stop", before[0]!);
    await stack.up();
    expect(await shopIds()).toStrictEqual(before);
    await stack.destroy();
    expect(await engine.listRemains()).toBe("");
  });
}
