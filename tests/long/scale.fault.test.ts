import { docker, listContainers } from "../support/dockerCommands";
import { recordFault } from "../support/recordFault";
import { ShopStack, till } from "../support/shopStack";

const most = 200;
// Perl and its one measurement need less than this.
const tinyTill = { memoryMb: 16, cpus: 0.1, discovery: "dns" } as const;
const patience = 1_200_000;

let running: ShopStack;

beforeAll(async () => {
  // Scraping two hundred targets is to leave the tests' machine some time for the rest.
  running = await ShopStack.deploy("scale", { scrapeIntervalSeconds: 10 });
});

afterAll(() => running.stack.remove(), patience);

async function timed<T>(what: string, act: () => Promise<T>): Promise<string> {
  const start = Date.now();
  await act();
  return `${what} ${Math.round((Date.now() - start) / 1000)} s`;
}

describe("an app of many replicas", () => {
  it(
    "is deployed, found and scraped with as many as a setting may ask for",
    async () => {
      const { stack, prometheus } = running;
      const up = await timed("deployed in", () =>
        running.succeedWith(running.shop, till({ ...tinyTill, replicas: most })),
      );
      expect(await listTills()).toHaveLength(most);
      const scraped = await timed("all scraped after", () =>
        prometheus.waitForTargets("till", most),
      );
      const preview = await timed("a preview takes", () => running.expectNothingToDo());
      expect(await prometheus.queryNumber('count(up{app="till"} == 1)')).toBe(most);
      await running.expectShopRunsOn();
      const used = await docker(
        ...["stats", "--no-stream", "--format", "{{.MemUsage}}", `${stack.prefix}-prometheus`],
      );
      console.log(`${most} replicas: ${up}, ${scraped}, ${preview}; Prometheus uses ${used}`);
      recordFault({
        fault: "replica count 200",
        sees: `${most} targets up (${up} on this machine)`,
        kept: "all other apps run on, and their series",
      });
    },
    patience,
  );

  it(
    "is scaled to none: its containers, its job, its alert and its targets go",
    async () => {
      const { prometheus } = running;
      const down = await timed("removed in", () =>
        running.succeedWith(running.shop, till({ ...tinyTill, replicas: 0 })),
      );
      console.log(`${most} replicas: ${down}`);
      expect(await listTills()).toStrictEqual([]);
      await prometheus.waitForTargets("till", 0);
      expect(await prometheus.readConfig()).not.toContain("job_name: till");
      expect(await prometheus.readAlertRules()).not.toContainEqual(
        expect.stringContaining('job="till"'),
      );
      expect(await prometheus.queryNumber('count(count_over_time(up{app="till"}[1h]))')).toBe(most);
      await running.expectNothingToDo();
      await running.expectShopRunsOn();
      recordFault({
        fault: "replica count 0",
        sees: "the app's containers, scrape job, alert and targets go: nothing is left that could be down",
        kept: "its series so far; all other apps run on",
      });
    },
    patience,
  );
});

async function listTills(): Promise<string[]> {
  const { prefix } = running.stack;
  return (await listContainers(prefix)).filter((name) => name.startsWith(`${prefix}-till-`));
}
