import { readContainerIds } from "../support/dockerCommands";
import { closeServer, findFreePorts, occupyPort, portOf } from "../support/freePorts";
import { quote, recordFault } from "../support/recordFault";
import { ShopStack, till } from "../support/shopStack";

let running: ShopStack;

beforeAll(async () => {
  running = await ShopStack.deploy("settings");
});

afterAll(() => running.stack.remove());

describe("a stack file with mistakes", () => {
  it("is refused with all of them at once, before anything is touched", async () => {
    const { stack, shop } = running;
    const before = await readContainerIds(stack.prefix);
    const state = await readResources();
    const wrongApp = { ...shop, replicas: 1000, publishPort: 70_000, metricPath: "/metrics" };
    stack.write({
      ...running.buildSettings([wrongApp, { name: "Till!", image: "till:1" }]),
      grafana: { deploy: "sometimes" },
    });
    const output = await stack.failToUp();
    for (const path of [
      "apps[0].metricPath",
      "apps[0].publishPort",
      "apps[0].replicas",
      "apps[1].name",
      "grafana.deploy",
    ]) {
      expect(output).toContain(`  ${path} `);
    }
    expect(output).toContain('did you mean "metricsPath"?');
    expect(output).not.toMatch(/^ +at .*\.[jt]s/m);
    expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
    expect(await readResources()).toStrictEqual(state);
    await running.expectShopRunsOn();
    recordFault({
      fault: "mistakes in the stack file",
      sees: quote(output, /5 problems in the stack's settings:/),
      kept: "everything; nothing was touched",
    });
  });
});

describe("a port that someone else holds", () => {
  it("is refused with its setting and its holder, before anything is touched", async () => {
    const { stack, shop } = running;
    const taken = await occupyPort();
    try {
      const before = await readContainerIds(stack.prefix);
      const output = await running.failWith(
        { ...shop, publishPort: portOf(taken) },
        till({ publishPort: portOf(taken) + 1 }),
      );
      const problem = `apps[0].publishPort: 127.0.0.1:${portOf(taken)} is taken by a program of the host`;
      expect(output).toContain(problem);
      expect(output).toContain("Free the port, or set another one in the stack file.");
      expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
      await running.expectShopRunsOn();
      recordFault({
        fault: "a published port is taken",
        sees: quote(output, /is taken by a program of the host/),
        kept: "everything; nothing was touched",
      });
    } finally {
      await closeServer(taken);
    }
  });

  it("is taken as soon as it is free", async () => {
    const [port] = (await findFreePorts(1)) as [number];
    await running.succeedWith(running.shop, till({ publishPort: port }));
    const response = await fetch(`http://127.0.0.1:${port}`);
    expect(response.status).toBe(200);
    await running.expectShopRunsOn();
  });
});

/** What the state says of resources, without when it was written. */
/** What the state holds, without what a look at the host notes down anew. */
async function readResources(): Promise<unknown> {
  const exported = await running.stack.pulumi("stack", "export");
  const { deployment } = JSON.parse(exported) as {
    deployment: { resources: { urn: string; id?: string; inputs?: unknown }[] };
  };
  return deployment.resources.map(({ urn, id, inputs }) => ({ urn, id, inputs }));
}
