import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { projectFolder } from "../../cli/versions";
import { closeServer } from "../support/freePorts";
import { quote, recordFault } from "../support/recordFault";
import { skip } from "../support/skip";
import { ShopStack, till } from "../support/shopStack";

let running: ShopStack;

beforeAll(async () => {
  running = await ShopStack.deploy("starts");
});

afterAll(() => running.stack.remove());

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
    const output = await running.failWith({
      name: "shop",
      image,
      publishPort: running.shopPort,
      memoryMb: 64,
    });
    expect(output).toContain(`${image} could not be pulled`);
    expect(output).toMatch(/check the name and the version/);
    await running.expectShopRunsOn();
    recordFault({
      fault: "a missing image",
      sees: quote(output, /could not be pulled/),
      kept: "the container of the image before runs on; so do all other apps",
    });
  });

  it("does not keep other apps from running, and goes away with the mistake", async () => {
    await running.failWith(running.shop, { name: "till", image: `${host}/till:1.0` });
    await running.expectShopRunsOn();
    await running.succeedWith(running.shop, till());
    await running.expectShopRunsOn();
  });
});

describe("an app that does not start", () => {
  it("is reported with its last log lines", async () => {
    const output = await running.failWith(
      running.shop,
      till({ startTimeoutSeconds: 5, environment: { CRASH: "the drawer is stuck" } }),
    );
    expect(output).toContain("till-1 does not stay up");
    expect(output).toContain("the drawer is stuck");
    await running.expectShopRunsOn();
    recordFault({
      fault: "an app that crashes at start",
      sees: `${quote(output, /does not stay up/)} ${quote(output, /^ +the drawer is stuck/)}`,
      kept: "all other apps run on; it is tried until startTimeoutSeconds, since it may wait for another app",
    });
  });

  it("is reported with its last health check when it never becomes healthy", async () => {
    const output = await running.failWith(
      running.shop,
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
    await running.expectShopRunsOn();
    recordFault({
      fault: "an app that never gets healthy",
      sees: quote(output, /did not become ready in time/),
      kept: "all other apps run on",
    });
  });

  it("starts with the next update that has the mistake removed", async () => {
    await running.succeedWith(running.shop, till());
    const { Config } = await running.inspect("till-1");
    expect(Config.Healthcheck).toBeUndefined();
    await running.expectShopRunsOn();
    await running.expectNothingToDo();
  });
});

describe("an app that crashes until something else is there", () => {
  /** It ends a few times before it serves, as if it waited for a database. */
  const slow = (starts: number, settings: Partial<AppSettingsInput>) => {
    const script =
      "echo start >> /starts/all; " +
      `[ $(wc -l < /starts/all) -gt ${starts} ] || { echo the till has no change yet; exit 1; }; ` +
      "exec perl /serve.pl";
    const volumes = [{ path: "/starts", temporary: true }];
    return till({ volumes, entrypoint: ["sh", "-c", script], ...settings });
  };

  it("is waited for within startTimeoutSeconds", async () => {
    const output = await running.succeedWith(running.shop, slow(3, {}));
    expect(output).not.toContain("does not stay up");
    expect((await running.inspect("till-1")).RestartCount).toBe(3);
    await running.expectShopRunsOn();
    await running.expectNothingToDo();
  });

  it("is waited for again by the next update, where that was too short", async () => {
    const environment = { A: "1" };
    const output = await running.failWith(
      running.shop,
      slow(11, { environment, startTimeoutSeconds: 5 }),
    );
    const words = /till-1 (does not stay up|did not become ready in time)/;
    expect(output).toMatch(words);
    const { Id } = await running.inspect("till-1");
    await running.succeedWith(running.shop, slow(11, { environment }));
    expect((await running.inspect("till-1")).Id).toBe(Id);
    await running.prometheus.waitForTargets("till", 1);
    await running.expectShopRunsOn();
    await running.expectNothingToDo();
    recordFault({
      fault: "a crash loop that ends by itself",
      sees: `nothing, within startTimeoutSeconds: \`up\` waits; after it: ${quote(output, words)}`,
      kept: "the container, which the engine starts again and again; the next `up` waits for it again",
    });
  });
});

if (canHideEngine()) {
  it("`npm run up` says what to do where no engine runs and none may be installed", () => {
    // A view of this machine without /run, where the engine's socket is, for a user without rights.
    const asNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs";
    const up = "node cli/bootstrap.mjs up --network registries";
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
    recordFault({
      fault: "no engine, and none may be installed",
      sees: quote(output, /Start it as root|Install Docker Engine|run this command as root/),
      kept: "the machine; nothing was changed",
    });
  });
} else {
  skip(
    "`npm run up` says what to do where no engine runs and none may be installed",
    "a machine without an engine is imitated by root on Linux only",
  );
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
