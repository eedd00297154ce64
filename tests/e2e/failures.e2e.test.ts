import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import type { AppSettingsInput } from "../../config/appSettings";
import { removeDeadLock, repairInterruptedUpdate } from "../../setup/ensureStack";
import { projectFolder } from "../../setup/versions";
import { inspectContainer, listContainers, readContainerIds } from "../support/dockerCommands";
import { closeServer, findFreePorts, occupyPort, portOf } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

// A running shop, and one bad moment after the other: each has to end in a message that says what to do, with the shop
// running on. What makes the trouble is a second app, the till, unless the shop itself is changed.

const tiny = { build: { context: "tests/support/apps/tiny" }, memoryMb: 64 };

let stack: TestStack;
let shop: AppSettingsInput;
let prometheusPort: number;
let shopPort: number;
let shopId: string;

function buildSettings(apps: readonly AppSettingsInput[]) {
  const { builds, prometheus } = networkSettings();
  return {
    engineMetrics: { mode: "off" },
    builds,
    apps,
    prometheus: { ...prometheus, publishPort: prometheusPort, scrapeIntervalSeconds: 2 },
    grafana: { deploy: "never" },
  };
}

const till = (settings: Partial<AppSettingsInput> = {}): AppSettingsInput => ({
  name: "till",
  ...tiny,
  ...settings,
});

/** @returns what a user sees of an update that has to fail */
async function failWith(...apps: readonly AppSettingsInput[]): Promise<string> {
  stack.write(buildSettings(apps));
  return stack.failToUp();
}

async function succeedWith(...apps: readonly AppSettingsInput[]): Promise<void> {
  stack.write(buildSettings(apps));
  await stack.up();
}

async function expectShopRunsOn(): Promise<void> {
  const { Id, RestartCount } = await inspectContainer(`${stack.prefix}-shop-1`);
  expect({ Id, RestartCount }).toStrictEqual({ Id: shopId, RestartCount: 0 });
  const response = await fetch(`http://127.0.0.1:${shopPort}`);
  expect(await response.text()).toContain("tiny_answers_total");
}

beforeAll(async () => {
  [prometheusPort, shopPort] = (await findFreePorts(2)) as [number, number];
  shop = { name: "shop", ...tiny, publishPort: shopPort };
  stack = await TestStack.create("failures");
  await succeedWith(shop);
  shopId = (await inspectContainer(`${stack.prefix}-shop-1`)).Id;
});

afterAll(async () => {
  await stack.remove();
});

describe("a stack file with mistakes", () => {
  it("is refused with all of them at once, before anything is touched", async () => {
    const before = await readContainerIds(stack.prefix);
    const state = await stack.pulumi("stack", "export");
    const wrongApp = { ...shop, replicas: 1000, publishPort: 70_000, metricPath: "/metrics" };
    stack.write({
      ...buildSettings([wrongApp, { name: "Till!", image: "till:1" }]),
      grafana: { deploy: "sometimes" },
    });
    const output = await stack.failToUp();
    expect(output).toContain("5 problems in the stack's settings:");
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
    expect(readResources(await stack.pulumi("stack", "export"))).toStrictEqual(
      readResources(state),
    );
    await expectShopRunsOn();
  });
});

describe("a port that somebody else holds", () => {
  it("is refused with its setting and its holder, before anything is touched", async () => {
    const taken = await occupyPort();
    try {
      const before = await readContainerIds(stack.prefix);
      const output = await failWith(
        { ...shop, publishPort: portOf(taken) },
        till({ publishPort: portOf(taken) + 1 }),
      );
      expect(output).toContain(
        `apps[0].publishPort: 127.0.0.1:${portOf(taken)} is taken by a program of the host`,
      );
      expect(output).toContain("Free the port, or set another one in the stack file.");
      expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
      await expectShopRunsOn();
    } finally {
      await closeServer(taken);
    }
  });

  it("is taken as soon as it is free", async () => {
    const [port] = (await findFreePorts(1)) as [number];
    await succeedWith(shop, till({ publishPort: port }));
    const response = await fetch(`http://127.0.0.1:${port}`);
    expect(response.status).toBe(200);
    await expectShopRunsOn();
  });
});

describe("an image that cannot be had", () => {
  let registry: Server;
  let host: string;

  // A registry of our own that knows no image.
  beforeAll(async () => {
    registry = createServer((request, response) => {
      const isPing = request.url === "/v2/";
      const unknown = { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] };
      response
        .writeHead(isPing ? 200 : 404, { "Content-Type": "application/json" })
        .end(JSON.stringify(isPing ? {} : unknown));
    });
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  });

  afterAll(() => closeServer(registry));

  it("is named, and the app that was to change to it runs on", async () => {
    const image = `${host}/shop:1.0`;
    const output = await failWith({ name: "shop", image, publishPort: shopPort, memoryMb: 64 });
    expect(output).toContain(`${image} could not be pulled`);
    expect(output).toMatch(/check the name and the version/);
    await expectShopRunsOn();
  });

  it("does not keep other apps from running, and goes away with the mistake", async () => {
    await failWith(shop, { name: "till", image: `${host}/till:1.0` });
    await expectShopRunsOn();
    await succeedWith(shop, till());
    await expectShopRunsOn();
  });
});

describe("an app that does not start", () => {
  it("is reported with its last log lines", async () => {
    const output = await failWith(shop, till({ environment: { CRASH: "the drawer is stuck" } }));
    expect(output).toContain("till-1 does not stay up");
    expect(output).toContain("the drawer is stuck");
    await expectShopRunsOn();
  });

  it("is reported with its last health check when it never becomes healthy", async () => {
    const output = await failWith(
      shop,
      till({
        startTimeoutSeconds: 5,
        healthCheck: {
          command: ["sh", "-c", "echo the drawer is locked; exit 1"],
          intervalSeconds: 1,
        },
      }),
    );
    expect(output).toMatch(/till-1 did not become ready in time \(startTimeoutSeconds\)\. /);
    expect(output).toContain("the drawer is locked");
    expect(output).toContain("tiny listens");
    await expectShopRunsOn();
  });

  it("starts with the next update that has the mistake removed", async () => {
    await succeedWith(shop, till());
    const { Config } = await inspectContainer(`${stack.prefix}-till-1`);
    expect(Config.Healthcheck).toBeUndefined();
    await expectShopRunsOn();
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });
});

describe("an update that is killed", () => {
  // A kill of the command line alone leaves its providers running for a while; one of the group takes all of them.
  it.each(["the command line alone", "all of its processes"])(
    "is put in order and finished by the next one (%s)",
    async (what) => {
      await succeedWith(shop);
      const seconds = 1.5 + Math.random() * 6;
      console.log(`SIGKILL to ${what} of an update, ${seconds.toFixed(2)} s after its start`);
      stack.write(buildSettings([shop, till({ replicas: 3 })]));
      await killUpdateAfter(seconds, what === "all of its processes");

      await removeDeadLock(stack.session, stack.name);
      await repairInterruptedUpdate(stack.session, stack.name);
      await stack.up();

      expect(await listContainers(stack.prefix)).toStrictEqual(
        ["prometheus", "shop-1", "till-1", "till-2", "till-3"].map(
          (name) => `${stack.prefix}-${name}`,
        ),
      );
      await new PrometheusApi(`http://127.0.0.1:${prometheusPort}`).waitForTargets("till", 3);
      await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
      await expectShopRunsOn();
    },
  );

  it("is put in order as well when it was killed while it wrote its state", async () => {
    const before = await stack.pulumi("stack", "export");
    const folder = join(stack.session.stateFolder!, ".pulumi");
    const locks = join(folder, "locks", "organization", "glasshouse", stack.name);
    const { pid } = spawnSync("true");
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, "killed.json"), JSON.stringify({ pid, hostname: hostname() }));
    truncateSync(join(folder, "stacks", "glasshouse", `${stack.name}.json.attrs`), 0);
    expect((await stack.tryPulumi("stack", "export")).stderr).toContain("EOF");

    await removeDeadLock(stack.session, stack.name);

    expect(await stack.pulumi("stack", "export")).toBe(before);
  });

  it("is put in order as well when it was the very first one", async () => {
    const first = await TestStack.create("killed");
    try {
      const [port] = (await findFreePorts(1)) as [number];
      const settings = buildSettings([till({ replicas: 2 })]);
      first.write({ ...settings, prometheus: { ...settings.prometheus, publishPort: port } });
      const seconds = 4 + Math.random() * 8;
      console.log(`SIGKILL to a stack's first update, ${seconds.toFixed(2)} s after its start`);
      await killUpdateAfter(seconds, true, first);

      await removeDeadLock(first.session, first.name);
      await repairInterruptedUpdate(first.session, first.name);
      await first.up();
      await first.pulumi("preview", "--expect-no-changes", "--non-interactive");
    } finally {
      await first.remove();
    }
  });
});

if (canHideEngine()) {
  it("`npm run up` says what to do where no engine runs and none may be installed", () => {
    // A view of this machine without /run, where the engine's socket is, for a user without rights.
    const asNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs";
    const up = "node setup/bootstrap.mjs up --network registries";
    let output = "";
    try {
      execFileSync(
        "unshare",
        [
          "--mount",
          "sh",
          "-c",
          `mount -t tmpfs none /run && HOME=/tmp exec ${asNobody} ${up} 2>&1`,
        ],
        { cwd: projectFolder, encoding: "utf8" },
      );
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    expect(output).toMatch(/Start it as root|Install Docker Engine|run this command as root/);
    expect(output).not.toMatch(/^ +at .*\.[jt]s/m);
  });
} else {
  console.warn("SKIPPED: a machine without an engine is imitated by root on Linux only");
  it("SKIPPED: `npm run up` where no engine runs and none may be installed", () => undefined);
}

function canHideEngine(): boolean {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/run"], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

function killUpdateAfter(seconds: number, wholeGroup: boolean, victim = stack): Promise<void> {
  const [program = "", ...args] = victim.upCommand;
  const update = spawn(program, args, {
    cwd: projectFolder,
    env: { ...process.env, ...victim.session.env },
    stdio: "ignore",
    detached: true,
  });
  const timer = setTimeout(() => {
    process.kill(wholeGroup ? -update.pid! : update.pid!, "SIGKILL");
  }, seconds * 1000);
  return new Promise((resolve) => {
    update.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** What the state says of resources, without when it was written. */
function readResources(exported: string): unknown {
  return (JSON.parse(exported) as { deployment: { resources: unknown } }).deployment.resources;
}
