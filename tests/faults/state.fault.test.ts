import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { readLocks, removeDeadLock } from "../../cli/ensureStack";
import { tryPulumi } from "../../cli/pulumiSession";
import { readContainerIds } from "../support/dockerCommands";
import { quote, recordFault } from "../support/recordFault";
import { runCommandLine } from "../support/runCommandLine";
import { ShopStack, till } from "../support/shopStack";
import { startUpdate } from "../support/startUpdate";
import { waitUntil } from "../support/waitUntil";

let running: ShopStack;

beforeAll(async () => {
  running = await ShopStack.deploy("state");
});

afterAll(() => running.stack.remove());

describe("two updates of one stack at once", () => {
  it("are one: the second is refused, and no lock stays behind when the first is killed", async () => {
    const { stack, shop } = running;
    // Long enough for both refusals, since it never becomes healthy.
    running.write(
      shop,
      till({
        startTimeoutSeconds: 300,
        healthCheck: { command: ["false"], intervalSeconds: 60, startPeriodSeconds: 600 },
      }),
    );
    const first = startUpdate(stack);
    const ended = new Promise((resolve) => first.once("exit", resolve));
    let plain: string;
    let byScript: string;
    try {
      await waitUntil(
        "the first update in the middle of its work",
        () => readContainerIds(stack.prefix),
        (ids) => `${stack.prefix}-till-1` in ids,
      );
      const before = await readContainerIds(stack.prefix);
      plain = await stack.failToUp();
      const second = await runCommandLine(stack, "up");
      expect(second.exitCode).toBe(1);
      byScript = second.stdout + second.stderr;
      expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
    } finally {
      process.kill(-first.pid!, "SIGKILL");
      await ended;
    }
    expect(plain).toContain("the stack is currently locked by 1 lock(s)");
    expect(byScript).toContain(
      `Another Pulumi works on the stack ${stack.name} (process ${first.pid}`,
    );
    expect(byScript).toContain("Wait until it is done, or end it, and run the command again.");
    expect(byScript).not.toMatch(/^ +at .*\.[jt]s/m);

    running.write(shop);
    expect(readLocks(stack.session, stack.name)).toHaveLength(1);
    const third = await runCommandLine(stack, "up");
    expect(third).toMatchObject({ exitCode: 0 });
    expect(third.stdout).toContain("was killed: its lock is removed");
    expect(readLocks(stack.session, stack.name)).toStrictEqual([]);
    expect(Object.keys(await readContainerIds(stack.prefix))).toHaveLength(2);
    await running.expectShopRunsOn();
    recordFault({
      fault: "two `up` at once",
      sees: quote(byScript, /Another Pulumi works on the stack/),
      kept: "the first one's work; no lock after a kill, the next `npm run up` removes it and finishes",
    });
  });
});

describe("an update that was killed while it wrote its state", () => {
  it("is repaired by the next one, the state whole", async () => {
    const { stack } = running;
    const before = await stack.pulumi("stack", "export");
    const folder = join(stack.session.stateFolder!, ".pulumi");
    const locks = join(folder, "locks", "organization", "glasshouse", stack.name);
    const { pid } = spawnSync("true");
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, "killed.json"), JSON.stringify({ pid, hostname: hostname() }));
    truncateSync(join(folder, "stacks", "glasshouse", `${stack.name}.json.attrs`), 0);
    const { stderr } = await stack.tryPulumi("stack", "export");
    expect(stderr).toContain("EOF");

    await removeDeadLock(stack.session, stack.name);

    expect(await stack.pulumi("stack", "export")).toBe(before);
    recordFault({
      fault: "`up` killed while it writes its state",
      sees: "plain Pulumi: `failed to load checkpoint: EOF`; `npm run up` repairs it and goes on",
      kept: "the state, whole",
    });
  });
});

describe("a wrong passphrase", () => {
  it("is named with where it comes from, and nothing is touched", async () => {
    const { stack, shop } = running;
    const before = await readContainerIds(stack.prefix);
    const state = await stack.pulumi("stack", "export");
    running.write(shop, till());
    const wrong = { PULUMI_CONFIG_PASSPHRASE: "not the one" };

    const session = { ...stack.session, env: { ...stack.session.env, ...wrong } };
    const flags = ["--yes", "--skip-preview", "--non-interactive", "--stack", stack.name];
    const plain = await tryPulumi(session, "up", ...flags);
    expect(plain.exitCode).not.toBe(0);
    expect(plain.stderr).toContain("incorrect passphrase");

    const byScript = await runCommandLine(stack, "up", wrong);
    expect(byScript.exitCode).toBe(1);
    expect(byScript.stderr).toContain(
      "The stack's secrets were encrypted with another passphrase.",
    );
    expect(byScript.stderr).toContain(".glasshouse/passphrase");

    expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
    expect(await stack.pulumi("stack", "export")).toBe(state);
    await running.expectShopRunsOn();
    running.write(shop);
    await running.expectNothingToDo();
    recordFault({
      fault: "a wrong passphrase",
      sees: quote(byScript.stderr, /encrypted with another passphrase/),
      kept: "everything; nothing was touched",
    });
  });
});

describe("a state that is lost", () => {
  it("is refused before names collide, and what has data in it is taken over", async () => {
    const { stack, prometheus } = running;
    const before = await readContainerIds(stack.prefix);
    const samples = await prometheus.readSamples('up{job="shop"}', "10m");
    expect(samples.length).toBeGreaterThan(0);
    rmSync(stack.session.stateFolder!, { recursive: true });
    mkdirSync(stack.session.stateFolder!);

    const refused = await runCommandLine(stack, "up");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(`The state knows nothing of the stack ${stack.name}`);
    expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
    await running.expectShopRunsOn();

    expect(refused.stderr).toContain("`npm run up -- --adopt`");
    const plain = await stack.failToUp();
    expect(plain).toContain(`${stack.prefix} runs on this engine already`);
    expect(await readContainerIds(stack.prefix)).toStrictEqual(before);

    const adopted = await runCommandLine(stack, "up", {}, "--adopt");
    expect(adopted).toMatchObject({ exitCode: 0 });
    const now = new Set(await prometheus.readSamples('up{job="shop"}', "20m"));
    expect(samples.filter((sample) => !now.has(sample))).toStrictEqual([]);
    await running.learnShop();
    await running.expectShopRunsOn();
    await running.expectNothingToDo();
    recordFault({
      fault: "the state file is lost",
      sees: quote(refused.stderr, /The state knows nothing of the stack/),
      kept: `volumes with all that is in them: each of ${samples.length} samples was there after the next \`up\`; containers and network are recreated`,
    });
  });
});
