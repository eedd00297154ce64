import {
  applyDaemonSettings,
  planDaemonSettings,
  planDaemonSettingsRelease,
  readDaemonSettings,
  releaseDaemonSettings,
} from "../../../../host/daemon/daemonSettings";
import { EngineSettingsError } from "../../../../host/daemon/engineSettingsError";
import { buildFakeLocation, daemonJsonPath, FakeHost, ledgerPath } from "../fakeHost";

const metricsAddress = "0.0.0.0:9323";
const wanted = { metricsAddress, claimant: "shop/dev" };
const original = '{\n    "live-restore": true\n}';
const merged = '{\n    "live-restore": true,\n    "metrics-addr": "0.0.0.0:9323"\n}';

function buildHost(text: string = original): FakeHost {
  const host = new FakeHost();
  host.files.set(daemonJsonPath, { text, mode: 0o640 });
  host.loaded = text;
  return host;
}
const readText = (host: FakeHost): string | undefined => host.files.get(daemonJsonPath)?.text;

describe("a plan", () => {
  it("shows the change as a unified diff and touches nothing", async () => {
    const host = buildHost();
    const plan = await planDaemonSettings(buildFakeLocation(host), wanted);
    expect(plan).toMatchObject({ before: original, after: merged, restartNeeded: true });
    expect(plan.diff).toBe(
      [
        "--- /etc/docker/daemon.json\tnow",
        "+++ /etc/docker/daemon.json\tto be",
        "@@ -1,3 +1,4 @@",
        " {",
        '-    "live-restore": true',
        '+    "live-restore": true,',
        '+    "metrics-addr": "0.0.0.0:9323"',
        " }",
        "\\ No newline at end of file",
        "",
      ].join("\n"),
    );
    expect([...host.files.keys()]).toStrictEqual([daemonJsonPath]);
  });

  it("does not show passwords and tokens", async () => {
    const text = '{\n  "http-proxy": "http://me:s3cret@proxy:1",\n  "splunk-token": "t0ken"\n}\n';
    const { diff } = await planDaemonSettings(buildFakeLocation(buildHost(text)), wanted);
    expect(diff).toContain("http://***@proxy:1");
    expect(diff).not.toMatch(/s3cret|t0ken/);
  });

  it("is quiet about a loopback address and an engine that keeps its containers", async () => {
    const host = buildHost();
    host.containersRunning = 3;
    const local = { ...wanted, metricsAddress: "127.0.0.1:9323" };
    const plan = await planDaemonSettings(buildFakeLocation(host), local);
    expect(plan.warnings).toStrictEqual([]);
  });

  it("asks for experimental on engines that need it, and not on others", async () => {
    const host = buildHost("{}");
    host.version = "20.10.24+dfsg1";
    const plan = await planDaemonSettings(buildFakeLocation(host), wanted);
    expect(plan.after).toBe('{\n  "metrics-addr": "0.0.0.0:9323",\n  "experimental": true\n}');
    host.version = "24.0.0";
    const later = await planDaemonSettings(buildFakeLocation(host), wanted);
    expect(later.after).not.toContain("experimental");
  });

  it.each([
    ["docker desktop", { OperatingSystem: "Docker Desktop" }, {}, "Settings > Docker Engine"],
    ["a rootless engine", { SecurityOptions: ["name=rootless"] }, {}, "systemctl --user"],
    ["podman", {}, { Components: [{ Name: "Podman Engine" }] }, 'mode: "off"'],
    ["windows containers", {}, { Os: "windows" }, "ProgramData"],
  ])("is refused for %s with what to do instead", async (_name, info, version, advice) => {
    const host = Object.assign(buildHost(), { info, versionAnswer: version });
    await expect(planDaemonSettings(buildFakeLocation(host), wanted)).rejects.toThrow(advice);
  });

  it.each(["9323", "host:9323", "1.2.3.4", "1.2.3.4:0", "1.2.3.4:70000", "::1:9323", "", "a b:1"])(
    "is refused for the address %j",
    async (address) => {
      const plan = planDaemonSettings(buildFakeLocation(buildHost()), {
        ...wanted,
        metricsAddress: address,
      });
      await expect(plan).rejects.toThrow(`"metrics-addr" cannot be "${address}"`);
    },
  );
});

describe("applying", () => {
  it("writes, restarts, and does neither a second time", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    expect(await applyDaemonSettings(location, wanted)).toMatchObject({ restarted: true });
    expect(readText(host)).toBe(merged);
    const writes: string[] = [];
    host.onWrite = (path) => writes.push(path);
    const second = await applyDaemonSettings(location, wanted);
    expect(second).toMatchObject({ restarted: false, restartNeeded: false, diff: "" });
    expect(host.restarts).toBe(1);
    expect(writes).toStrictEqual([]);
    expect(await readDaemonSettings(location, wanted.claimant)).toStrictEqual({
      metricsAddress,
      experimental: undefined,
      metricsAnswer: true,
      isClaimed: true,
    });
  });

  it("restarts an engine that does not yet do what its file says", async () => {
    const host = buildHost(merged);
    host.loaded = original;
    const outcome = await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect(outcome).toMatchObject({ diff: "", restarted: true });
    expect(host.loaded).toBe(merged);
  });

  it("keeps the five newest backups, with the file's own permissions", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    host.files.set("/state/backups/mine.bak", { text: "", mode: 0o600 });
    for (let port = 9001; port <= 9008; port += 1) {
      await applyDaemonSettings(location, { ...wanted, metricsAddress: `127.0.0.1:${port}` });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const backups = (await host.listFolder("/state/backups")).filter((n) => n !== "mine.bak");
    expect(backups).toHaveLength(5);
    const newest = host.files.get(`/state/backups/${backups.at(-1) ?? ""}`);
    expect(newest?.mode).toBe(0o640);
    expect(newest?.text).toContain("127.0.0.1:9007");
    expect(host.files.has("/state/backups/mine.bak")).toBe(true);
  });

  it("refuses a port that another program has", async () => {
    const host = buildHost();
    host.takenPorts.set(9323, "EADDRINUSE");
    const applied = applyDaemonSettings(buildFakeLocation(host), wanted);
    await expect(applied).rejects.toThrow("Port 9323 on the fake host is taken");
    expect([readText(host), host.restarts]).toStrictEqual([original, 0]);
  });

  it("does not take the engine's own listener for an obstacle", async () => {
    const host = buildHost('{"metrics-addr": "127.0.0.1:9323"}');
    host.takenPorts.set(9323, "EADDRINUSE");
    await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect(readText(host)).toBe('{"metrics-addr": "0.0.0.0:9323"}');
  });

  it("refuses a file that it cannot edit and leaves it untouched", async () => {
    const host = buildHost('{ "a": 1, // mine\n }');
    const applied = applyDaemonSettings(buildFakeLocation(host), wanted);
    await expect(applied).rejects.toThrow(/comment at line 1, column 11.*left untouched/);
    expect([...host.files.keys()]).toStrictEqual([daemonJsonPath]);
  });

  it.each([
    [["dockerd", "--metrics-addr", "1.2.3.4:5"], "the flag --metrics-addr (1.2.3.4:5)"],
    [["/usr/bin/dockerd", "--metrics-addr=1.2.3.4:5"], "the flag --metrics-addr (1.2.3.4:5)"],
    [["dockerd", "--config-file", "/snap/daemon.json"], "Set the path of daemon.json to /snap"],
  ])("refuses an engine that is started with %j", async (argv, reason) => {
    const host = buildHost();
    host.files.set("/var/run/docker.pid", { text: "77\n", mode: 0o644 });
    host.files.set("/proc/77/stat", { text: "77 (dockerd) S 1", mode: 0o444 });
    host.files.set("/proc/77/cmdline", { text: `${argv.join("\0")}\0`, mode: 0o444 });
    await expect(applyDaemonSettings(buildFakeLocation(host), wanted)).rejects.toThrow(reason);
    expect(readText(host)).toBe(original);
  });

  it.each([
    ["EACCES", "sudo -n true"],
    ["EROFS", "read-only file system"],
    ["ENOSPC", "No space is left"],
    ["EPERM", "chattr -i"],
  ])("says what to do about %s and leaves no claim behind", async (code, advice) => {
    const host = buildHost();
    host.writeErrors.set(daemonJsonPath, code);
    const applied = applyDaemonSettings(buildFakeLocation(host), wanted);
    await expect(applied).rejects.toThrow(advice);
    expect([readText(host), host.restarts]).toStrictEqual([original, 0]);
    expect(host.files.has(ledgerPath)).toBe(false);
  });

  it("refuses when someone edits the file at the same moment", async () => {
    const host = buildHost();
    host.onWrite = (path) => {
      if (path.endsWith(".bak")) host.files.set(daemonJsonPath, { text: "{}", mode: 0o640 });
    };
    const applied = applyDaemonSettings(buildFakeLocation(host), wanted);
    await expect(applied).rejects.toThrow("edited by someone else");
    expect(readText(host)).toBe("{}");
  });
});

describe("a failed apply", () => {
  it("whose text dockerd refuses never reaches the file", async () => {
    const host = Object.assign(buildHost(), { validateRefuses: true });
    const applied = applyDaemonSettings(buildFakeLocation(host), wanted);
    await expect(applied).rejects.toThrow("dockerd refuses the new settings: unable to configure");
    expect([readText(host), host.restarts]).toStrictEqual([original, 0]);
    expect(host.files.has("/state/daemon.json.candidate")).toBe(false);
  });

  it.each([[original], [undefined], [""], ['\uFEFF{"a":\t1}\r\n']])(
    "with an engine that does not start leaves %j as it was",
    async (text) => {
      const host = text === undefined ? new FakeHost() : buildHost(text);
      host.engineRefuses = (now) => now.includes("metrics-addr");
      const error = await applyDaemonSettings(buildFakeLocation(host), wanted).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(EngineSettingsError);
      expect((error as Error).message).toContain(
        '"restart-it" failed with exit code 1: job failed',
      );
      expect((error as Error).message).toContain("and the engine answers again.");
      expect((error as Error).message).toContain("  engine said: no");
      expect([readText(host), host.loaded, host.restarts]).toStrictEqual([text, text ?? "", 2]);
      expect(host.files.has(ledgerPath)).toBe(false);
    },
  );

  it("without measurements goes back to the old file", async () => {
    const host = Object.assign(buildHost(), { servesMetrics: false });
    const applied = applyDaemonSettings(buildFakeLocation(host), wanted);
    await expect(applied).rejects.toThrow(/no measurements after 0 s[^]*byte for byte/);
    expect([readText(host), host.loaded]).toStrictEqual([original, original]);
  });

  it("that cannot be put back says what to type", async () => {
    const host = buildHost();
    host.engineRefuses = (text) => {
      const isNew = text.includes("metrics-addr");
      if (isNew) host.writeErrors.set(daemonJsonPath, "EROFS");
      return isNew;
    };
    const applied = applyDaemonSettings(buildFakeLocation(host), wanted);
    await expect(applied).rejects.toThrow(
      /Putting the old settings back failed too: .*EROFS.* Do it by hand: cp \/state\/backups\/daemon\.json\.glasshouse-\S+\.bak \/etc\/docker\/daemon\.json; then restart-it/,
    );
  });

  it("whose engine does not come back at all says so", async () => {
    const host = Object.assign(buildHost(), { engineRefuses: () => true });
    const applied = applyDaemonSettings(buildFakeLocation(host), wanted);
    await expect(applied).rejects.toThrow(
      /is back, byte for byte, but the engine did not come back/,
    );
    expect(readText(host)).toBe(original);
  });
});

describe("releasing", () => {
  it.each([[original], [undefined], [""], [" \n"], ["{}"], ['{"metrics-addr": "127.0.0.1:1"}']])(
    "leaves %j as it was before the first claim",
    async (text) => {
      const host = text === undefined ? new FakeHost() : buildHost(text);
      const location = buildFakeLocation(host);
      await applyDaemonSettings(location, wanted);
      await applyDaemonSettings(location, { ...wanted, metricsAddress: "127.0.0.1:9999" });
      expect((await planDaemonSettingsRelease(location, wanted.claimant))?.after).toBe(text);
      await releaseDaemonSettings(location, wanted.claimant);
      expect([readText(host), host.loaded]).toStrictEqual([text, text ?? ""]);
      expect(JSON.parse(host.files.get(ledgerPath)?.text ?? "")).toMatchObject({ files: {} });
    },
  );

  it("waits for the last of several stacks", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    await applyDaemonSettings(location, wanted);
    await applyDaemonSettings(location, { ...wanted, claimant: "shop/prod" });
    await releaseDaemonSettings(location, "shop/dev");
    expect([readText(host), host.restarts]).toStrictEqual([merged, 1]);
    await releaseDaemonSettings(location, "shop/prod");
    expect([readText(host), host.restarts]).toStrictEqual([original, 2]);
  });

  it("keeps the edits that others have made since", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    await applyDaemonSettings(location, wanted);
    host.files.set(daemonJsonPath, {
      text: merged.replace("\n}", ',\n    "debug": true\n}'),
      mode: 0o640,
    });
    await applyDaemonSettings(location, wanted);
    await releaseDaemonSettings(location, wanted.claimant);
    expect(readText(host)).toBe('{\n    "live-restore": true,\n    "debug": true\n}');
  });

  it("removes a file of ours even if it was reformatted since", async () => {
    const host = new FakeHost();
    const location = buildFakeLocation(host);
    await applyDaemonSettings(location, wanted);
    host.files.set(daemonJsonPath, { text: '{"metrics-addr":"0.0.0.0:9323"}', mode: 0o644 });
    await releaseDaemonSettings(location, wanted.claimant);
    expect(readText(host)).toBeUndefined();
  });

  it("goes on after the ledger was lost, and then leaves the values", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    await applyDaemonSettings(location, wanted);
    host.files.delete(ledgerPath);
    await releaseDaemonSettings(location, wanted.claimant);
    expect(readText(host)).toBe(merged);
    await applyDaemonSettings(location, wanted);
    await releaseDaemonSettings(location, wanted.claimant);
    expect([readText(host), host.restarts]).toStrictEqual([merged, 1]);
  });

  it("goes on after the ledger was garbled, and keeps the garbled one aside", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    host.files.set(ledgerPath, { text: "{ oh", mode: 0o600 });
    const { warnings } = await applyDaemonSettings(location, wanted);
    expect(warnings.join()).toContain("is malformed and taken as empty");
    expect(host.files.get(`${ledgerPath}.unreadable`)?.text).toBe("{ oh");
    await releaseDaemonSettings(location, wanted.claimant);
    expect(readText(host)).toBe(original);
  });

  it("is nothing to do for a stack without a claim", async () => {
    const host = buildHost();
    const outcome = await releaseDaemonSettings(buildFakeLocation(host), "shop/other");
    expect(outcome).toMatchObject({ restarted: false, diff: "" });
    expect([...host.files.keys()]).toStrictEqual([daemonJsonPath]);
  });

  it("gives experimental up once the engine no longer needs it", async () => {
    const host = Object.assign(buildHost(), { version: "20.10.24" });
    const location = buildFakeLocation(host);
    await applyDaemonSettings(location, wanted);
    expect(readText(host)).toContain('"experimental": true');
    expect(readText(host)).toContain('"host-gateway-ip": "172.17.0.1"');
    host.version = "29.0.0";
    await applyDaemonSettings(location, wanted);
    expect(readText(host)).toBe(merged);
  });
});

describe.each([
  [original, merged],
  // On the same port the old listener answers for the new one: only the ledger knows that a restart is due.
  ['{"metrics-addr": "127.0.0.1:9323"}', '{"metrics-addr": "0.0.0.0:9323"}'],
])("a program killed at any step, with %j", (old, wished) => {
  const reject = (): undefined => undefined;

  it("of an apply leaves a valid file, and the next apply and release put all right", async () => {
    let steps = 0;
    for (let isDone = false; !isDone; steps += 1) {
      const host = buildHost(old);
      const location = buildFakeLocation(host);
      host.callsUntilKilled = steps;
      isDone = (await applyDaemonSettings(location, wanted).catch(reject)) !== undefined;
      host.callsUntilKilled = Number.POSITIVE_INFINITY;
      expect([old, wished]).toContain(readText(host));
      await applyDaemonSettings(location, wanted);
      expect([readText(host), host.loaded]).toStrictEqual([wished, wished]);
      await releaseDaemonSettings(location, wanted.claimant);
      expect([readText(host), host.loaded]).toStrictEqual([old, old]);
    }
    expect(steps).toBeGreaterThan(20);
  });

  it("of a release leaves a valid file, and the next release finishes", async () => {
    let steps = 0;
    for (let isDone = false; !isDone; steps += 1) {
      const host = buildHost(old);
      const location = buildFakeLocation(host);
      await applyDaemonSettings(location, wanted);
      host.callsUntilKilled = steps;
      isDone = (await releaseDaemonSettings(location, wanted.claimant).catch(reject)) !== undefined;
      host.callsUntilKilled = Number.POSITIVE_INFINITY;
      expect([old, wished]).toContain(readText(host));
      await releaseDaemonSettings(location, wanted.claimant);
      expect([readText(host), host.loaded]).toStrictEqual([old, old]);
    }
    expect(steps).toBeGreaterThan(15);
  });
});

it("a run that finds a leftover the engine cannot start with goes back to before it", async () => {
  const host = buildHost();
  const location = buildFakeLocation(host);
  await applyDaemonSettings(location, wanted);
  // As after a kill between writing and restarting, with something wrong about the new text.
  host.loaded = original;
  host.engineRefuses = (text) => text.includes("metrics-addr");
  await expect(applyDaemonSettings(location, wanted)).rejects.toThrow("byte for byte");
  expect([readText(host), host.loaded]).toStrictEqual([original, original]);
  host.engineRefuses = () => false;
  await applyDaemonSettings(location, wanted);
  await releaseDaemonSettings(location, wanted.claimant);
  expect([readText(host), host.loaded]).toStrictEqual([original, original]);
});
