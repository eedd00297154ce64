import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { images } from "../../config/images";
import { run } from "../../cli/run";
import { registryImages } from "../../cli/install/registryImages";
import { docker, readContainerIds } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { readTestNetwork } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

const isOffline = readTestNetwork() === "registries";

describe("an app of two replicas behind a client that takes the one that answers", () => {
  let stack: TestStack;
  let prometheusPort: number;
  let firstPort: number;
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-rolling-"));
  const jvmImage = `glasshouse-e2e/jvm:${process.pid}`;

  const settings = (app: Record<string, unknown>, ...more: Record<string, unknown>[]) => ({
    engineMetrics: { mode: "off" },
    grafana: { deploy: "never" },
    builds: { baseImage: isOffline ? registryImages.base : images.base },
    prometheus: {
      image: isOffline ? registryImages.prometheus : images.prometheus,
      publishPort: prometheusPort,
    },
    apps: [
      {
        name: "log",
        build: { context: "samples/access-log" },
        replicas: 2,
        publishPort: firstPort,
        memoryMb: 192,
        dashboard: "access-log",
        ...app,
      },
      ...more,
    ],
  });

  beforeAll(async () => {
    [prometheusPort = 0] = await findFreePorts(1);
    firstPort = await findTwoPorts();
    stack = await TestStack.create("rolling");
    stack.write(settings({}));
    await stack.up();
  });

  afterAll(async () => {
    await stack.remove();
    await run(["docker", "image", "rm", jvmImage]);
    rmSync(folder, { recursive: true });
  });

  const answers = async (port: number, path = "/stats") => {
    try {
      const signal = AbortSignal.timeout(1000);
      return (await fetch(`http://127.0.0.1:${port}${path}`, { signal })).ok;
    } catch {
      return false;
    }
  };

  /** Asks both replicas of an app all through an update, the second where the first does not answer. */
  async function countRequests(port: number, path?: string) {
    const progress = { isDone: false };
    const update = stack.up().finally(() => (progress.isDone = true));
    let requests = 0;
    let lost = 0;
    while (!progress.isDone) {
      requests += 1;
      if (!(await answers(port, path)) && !(await answers(port + 1, path))) lost += 1;
      await sleep(25);
    }
    await update;
    return { requests, lost };
  }

  it("answers every request through an update of both", async () => {
    const before = await readContainerIds(stack.prefix);
    stack.write(settings({ environment: { COLOUR: "green" } }));
    const { requests, lost } = await countRequests(firstPort);
    const after = await readContainerIds(stack.prefix);
    for (const name of [`${stack.prefix}-log-1`, `${stack.prefix}-log-2`]) {
      expect(after[name]).not.toBe(before[name]);
    }
    expect(requests).toBeGreaterThan(50);
    expect(lost).toBe(0);
  });

  it("keeps the second replica as it was when the first does not get healthy", async () => {
    const before = await readContainerIds(stack.prefix);
    const environment = { COLOUR: "green" };
    const healthCheck = {
      command: ["false"],
      intervalSeconds: 1,
      retries: 1,
      startPeriodSeconds: 0,
    };
    stack.write(settings({ environment, healthCheck }));
    const output = await stack.failToUp();
    const after = await readContainerIds(stack.prefix);

    expect(output).toContain("log-1 is unhealthy");
    expect(after[`${stack.prefix}-log-2`]).toBe(before[`${stack.prefix}-log-2`]);
    expect(await answers(firstPort + 1)).toBe(true);

    stack.write(settings({ environment }));
    await stack.up();
    expect(await answers(firstPort)).toBe(true);
  });

  it("answers every request also where a JVM takes its time and has no health check", async () => {
    const log = { environment: { COLOUR: "green" } };
    const source = { name: "jvm", build: { context: "samples/image-of-the-day" }, replicas: 0 };
    stack.write(settings(log, source));
    await stack.up();
    const built = await docker("image", "ls", "--format", "{{.ID}}", `${stack.prefix}/jvm`);
    writeFileSync(join(folder, "Dockerfile"), `FROM ${built}\nHEALTHCHECK NONE\n`);
    await docker("build", "--tag", jvmImage, folder);

    const port = await findTwoPorts();
    const jvm = { name: "jvm", image: jvmImage, replicas: 2, publishPort: port, memoryMb: 384 };
    stack.write(settings(log, jvm));
    await stack.up();
    expect([await answers(port, "/image"), await answers(port + 1, "/image")]).toStrictEqual([
      true,
      true,
    ]);

    const before = await readContainerIds(stack.prefix);
    stack.write(settings(log, { ...jvm, environment: { COLOUR: "green" } }));
    const { requests, lost } = await countRequests(port, "/image");
    const after = await readContainerIds(stack.prefix);
    expect(after[`${stack.prefix}-jvm-1`]).not.toBe(before[`${stack.prefix}-jvm-1`]);
    expect(after[`${stack.prefix}-jvm-2`]).not.toBe(before[`${stack.prefix}-jvm-2`]);
    console.info(`${requests} requests to a JVM through an update of both replicas, ${lost} lost`);
    expect(requests).toBeGreaterThan(50);
    expect(lost).toBe(0);
  });
});

/** Replica 2 takes the port after replica 1's. */
async function findTwoPorts(): Promise<number> {
  for (;;) {
    const [port = 0] = await findFreePorts(1);
    if (!(await isTaken(port + 1))) return port;
  }
}

async function isTaken(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch {
    return false;
  }
}
