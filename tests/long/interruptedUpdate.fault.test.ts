import { existsSync, readFileSync } from "node:fs";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { readLocks, removeDeadLock, repairInterruptedUpdate } from "../../cli/ensureStack";
import { daemonJsonPath } from "../support/chooseEngineMetrics";
import { listContainers } from "../support/dockerCommands";
import { killUpdate, type Kill } from "../support/killUpdate";
import { recordFault } from "../support/recordFault";
import { seededRandom } from "../support/seededRandom";
import { ShopStack, till } from "../support/shopStack";

interface Change {
  readonly what: string;
  readonly apps: readonly AppSettingsInput[];
  /** Replicas of the till afterwards. */
  readonly tills: number;
  readonly victim: Kill["victim"];
}

let running: ShopStack;
const random = seededRandom("SIGKILL to updates");
const victims: Kill["victim"][] = [];

beforeAll(async () => {
  running = await ShopStack.create("killed");
});

afterAll(() => running.stack.remove());

const shop = (settings: Partial<AppSettingsInput> = {}) => ({ ...running.shop, ...settings });
const green = { environment: { COLOUR: "green" } };
const changes: readonly (readonly [Change["what"], number, Change["victim"]])[] = [
  ["the first deployment", 2, "all processes"],
  ["more replicas", 4, "all processes"],
  ["an app's environment", 4, "command line"],
  ["a scrape job", 4, "all processes"],
  ["fewer replicas", 1, "command line"],
  ["an app's health check", 1, "all processes"],
  ["an app less", 0, "all processes"],
];

function buildApps(what: string, tills: number): AppSettingsInput[] {
  const replicas = { replicas: tills, ...(tills > 1 ? {} : { discovery: "dns" as const }) };
  switch (what) {
    case "the first deployment":
    case "more replicas":
      return [shop(), till(replicas)];
    case "an app's environment":
      return [shop(), till({ ...replicas, ...green })];
    case "a scrape job":
      return [shop(), till({ ...replicas, ...green, jobName: "checkout" })];
    case "fewer replicas":
      return [shop(), till({ ...replicas, ...green })];
    case "an app's health check":
      return [
        shop(),
        till({ ...replicas, ...green, healthCheck: { command: ["true"], intervalSeconds: 1 } }),
      ];
    default:
      return [shop()];
  }
}

describe("an update that is killed", () => {
  const daemonJson = () => existsSync(daemonJsonPath) && readFileSync(daemonJsonPath, "utf8");

  it.each(changes)(
    "is put in order and finished by the next one: %s",
    async (what, tills, victim) => {
      const { stack, prometheus } = running;
      const before = daemonJson();
      running.write(...buildApps(what, tills));
      const afterSeconds = 1.5 + random() * (what === "the first deployment" ? 10 : 5);
      const wasRunning = await killUpdate(stack, { afterSeconds, victim });
      console.log(
        `${what}: SIGKILL to ${victim} after ${afterSeconds.toFixed(2)} s${wasRunning ? "" : ": it was done by then"}`,
      );

      await removeDeadLock(stack.session, stack.name);
      await repairInterruptedUpdate(stack.session, stack.name);
      await stack.up();

      const names = Array.from({ length: tills }, (_, index) => `till-${index + 1}`);
      expect(await listContainers(stack.prefix)).toStrictEqual(
        ["prometheus", "shop-1", ...names].map((name) => `${stack.prefix}-${name}`),
      );
      await prometheus.waitForTargets(what === "a scrape job" ? "checkout" : "till", tills);
      await running.expectNothingToDo();
      if (what === "the first deployment") await running.learnShop();
      await running.expectShopRunsOn();
      expect(readLocks(stack.session, stack.name)).toStrictEqual([]);
      expect(daemonJson()).toBe(before);
      victims.push(victim);
    },
  );

  it("leaves an app that was not changed as it was, every time", async () => {
    expect(victims).toHaveLength(changes.length);
    await running.expectShopRunsOn();
    recordFault({
      fault: "`up` killed with SIGKILL at a random moment",
      sees: `the next \`npm run up\` says that it repairs the state, and finishes the earlier run (${victims.length} kills)`,
      kept: "every app that was not changed, series, the host's daemon.json; no lock stays behind",
    });
  });
});
