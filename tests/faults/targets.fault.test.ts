import type { AppSettingsInput } from "../../config/settings/appSettings";
import { waitForTargets } from "../../cli/waitForTargets";
import { docker } from "../support/dockerCommands";
import { quote, recordFault } from "../support/recordFault";
import { runCommandLine } from "../support/runCommandLine";
import { ShopStack, tiny, till } from "../support/shopStack";
import { waitUntil } from "../support/waitUntil";

/** By the name of the app, and of the answer that `serve.pl` gives: what Prometheus says, and what the product makes of it. */
const badTargets = {
  slow: {
    fault: "a target that answers slowly",
    error: /context deadline exceeded/,
    plain: "it did not answer in time",
    fix: "make 5s enough for its metrics",
  },
  half: {
    fault: "a target that sends half an answer and hangs",
    error: /context deadline exceeded/,
    plain: "it did not answer in time",
    fix: "make 5s enough for its metrics",
  },
  long: {
    fault: "a target that answers 300 MB",
    error: /^body size limit exceeded$/,
    plain: "its answer is longer than prometheus.maxScrapeMb allows",
    fix: "look for what makes its answer so long",
  },
  many: {
    fault: "a target that answers 300,000 series",
    error: /^sample limit exceeded$/,
    plain: "it answers more samples than prometheus.maxScrapeSamples allows",
    fix: "look for a label with too many values",
  },
  page: {
    fault: "a target that answers a web page",
    error: /expected a valid start token, got "<"/,
    plain: "its answer is not in a metrics format",
    fix: "set the app's metricsPath",
  },
  binary: {
    fault: "a target that answers bytes of any kind",
    error: /expected a valid start token/,
    plain: "its answer is not in a metrics format",
    fix: "set the app's metricsPath",
  },
} as const;
const kinds = Object.keys(badTargets) as (keyof typeof badTargets)[];

let running: ShopStack;

function app(name: string): AppSettingsInput {
  return { name, ...tiny, environment: { ANSWER: name } };
}

beforeAll(async () => {
  running = await ShopStack.deploy("targets", { scrapeIntervalSeconds: 5 });
});

afterAll(() => running.stack.remove());

describe("targets that answer badly", () => {
  let doctorSays: string;

  beforeAll(async () => {
    const { stack, shop, prometheus } = running;
    await running.succeedWith(shop, app("mislabelled"), ...kinds.map(app));
    await waitUntil(
      "every target told from the others",
      () => prometheus.readTargets(),
      (targets) =>
        kinds.every((kind) =>
          targets.some(
            ({ scrapePool, lastError }) =>
              scrapePool === kind && badTargets[kind].error.test(lastError),
          ),
        ),
    );
    const { exitCode, stdout } = await runCommandLine(stack, "doctor");
    expect(exitCode).toBe(1);
    doctorSays = stdout;
  });

  it.each(kinds)("are told from each other: %s", async (kind) => {
    const { fault, error, plain, fix } = badTargets[kind];
    const targets = await running.prometheus.readTargets();
    const { health, lastError, scrapeUrl } = targets.find(({ scrapePool }) => scrapePool === kind)!;
    expect(health).toBe("down");
    expect(lastError).toMatch(error);
    const told = `${scrapeUrl} is down: ${plain} (`;
    expect(doctorSays).toContain(told);
    expect(doctorSays).toContain(`fix: ${fix}`);
    // What `npm run up` ends with.
    const prometheus = { url: running.prometheusUrl };
    await expect(
      waitForTargets({ prometheus, expected: { [kind]: 1 }, timeoutSeconds: 0 }),
    ).rejects.toThrow(told);
    recordFault({
      fault,
      sees: quote(doctorSays, new RegExp(`${kind}:80.* is down: `)),
      kept: "Prometheus, and the scrapes of every other target",
    });
  });

  it("leave all others scraped, and Prometheus within its memory", async () => {
    const { prometheus } = running;
    const start = Date.now() / 1000;
    // Some scrapes of each, with the bad ones beside them.
    const scraped = await waitUntil(
      "five more scrapes of the shop",
      async () => {
        const seconds = Math.ceil(Date.now() / 1000 - start);
        if (seconds < 2) return 0;
        return prometheus.queryNumber(`count_over_time(up{job="shop"}[${seconds}s])`);
      },
      (count) => count >= 5,
    );
    expect(scraped).toBeGreaterThanOrEqual(5);
    for (const job of ["shop", "mislabelled", "prometheus"]) {
      expect(await prometheus.queryNumber(`min_over_time(up{job="${job}"}[20s])`)).toBe(1);
    }
    const { RestartCount, State } = await running.inspect("prometheus");
    expect({ RestartCount, killed: State.OOMKilled }).toStrictEqual({
      RestartCount: 0,
      killed: false,
    });
    await running.expectShopRunsOn();
    const name = `${running.stack.prefix}-prometheus`;
    console.log(
      `beside them, Prometheus uses ${await docker("stats", "--no-stream", "--format", "{{.MemUsage}}", name)}`,
    );
  });

  it("are read all the same when only their Content-Type is wrong", async () => {
    const [target] = await running.prometheus.waitForTargets("mislabelled", 1);
    expect(target?.lastError).toBe("");
    recordFault({
      fault: "a target with a wrong Content-Type",
      sees: "nothing; fallbackScrapeProtocol says how it is read",
      kept: "its series",
    });
  });
});

describe("DNS that fails for one app", () => {
  it("takes only that app's targets, and its alert says so", async () => {
    const { stack, shop, prometheus } = running;
    await running.succeedWith(shop, till({ replicas: 2 }), { name: "fixed", ...tiny });
    await prometheus.waitForTargets("till", 2);
    await prometheus.waitForTargets("fixed", 1);
    for (const name of ["till-1", "till-2", "fixed-1"]) {
      await docker("network", "disconnect", stack.prefix, `${stack.prefix}-${name}`);
    }
    const targets = await waitUntil(
      "Prometheus notices",
      () => prometheus.readTargets(),
      (seen) =>
        seen.every(
          ({ scrapePool, health }) =>
            health === (["till", "fixed"].includes(scrapePool) ? "down" : "up"),
        ),
    );
    const ofTill = targets.filter(({ scrapePool }) => scrapePool === "till");
    const fixed = targets.find(({ scrapePool }) => scrapePool === "fixed");
    expect(fixed?.lastError).toMatch(/no such host|server misbehaving/);
    const alerts = await waitUntil(
      "both alerts",
      () => prometheus.query('ALERTS{alertname="TargetsMissing",alertstate="firing"}'),
      (seen) => seen.length === 2,
      150,
    );
    expect(alerts.map(({ metric }) => metric["app"]).sort()).toStrictEqual(["fixed", "till"]);
    expect(await prometheus.queryNumber('min_over_time(up{job="shop"}[1m])')).toBe(1);
    const { stdout } = await runCommandLine(stack, "doctor");
    expect(stdout).toContain("is not connected to the network");

    for (const [name, alias] of Object.entries({
      "till-1": "till",
      "till-2": "till",
      "fixed-1": "fixed",
    })) {
      await docker("network", "connect", "--alias", alias, stack.prefix, `${stack.prefix}-${name}`);
    }
    await prometheus.waitForTargets("till", 2);
    await prometheus.waitForTargets("fixed", 1);
    await running.expectShopRunsOn();
    recordFault({
      fault: "DNS that fails for one app",
      sees: `${quote(stdout, /fixed.* is down/)}; of two targets found by DNS ${ofTill.length} stay in the list; the alert TargetsMissing fires for both apps`,
      kept: "the scrapes of every other target; both are back as soon as their names are",
    });
  });
});
