import { setTimeout as sleep } from "node:timers/promises";
import { images } from "../../config/images";
import { registryImages } from "../../cli/install/registryImages";
import { readContainerIds } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { readTestNetwork } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

const isOffline = readTestNetwork() === "registries";

describe("an app of two replicas behind a client that takes the one that answers", () => {
  let stack: TestStack;
  let prometheusPort: number;
  let firstPort: number;

  const settings = (app: Record<string, unknown>) => ({
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
    ],
  });

  beforeAll(async () => {
    [prometheusPort = 0, firstPort = 0] = await findFreePorts(2);
    // Replica 2 takes the port after replica 1's.
    while (await isTaken(firstPort + 1)) [firstPort = 0] = await findFreePorts(1);
    stack = await TestStack.create("rolling");
    stack.write(settings({}));
    await stack.up();
  });

  afterAll(() => stack.remove());

  const answers = async (port: number) => {
    try {
      const signal = AbortSignal.timeout(1000);
      return (await fetch(`http://127.0.0.1:${port}/stats`, { signal })).ok;
    } catch {
      return false;
    }
  };

  it("answers every request through an update of both", async () => {
    const before = await readContainerIds(stack.prefix);
    stack.write(settings({ environment: { COLOUR: "green" } }));
    const progress = { isDone: false };
    const update = stack.up().finally(() => (progress.isDone = true));
    let requests = 0;
    let lost = 0;
    while (!progress.isDone) {
      requests += 1;
      if (!(await answers(firstPort)) && !(await answers(firstPort + 1))) lost += 1;
      await sleep(25);
    }
    await update;
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
});

async function isTaken(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch {
    return false;
  }
}
