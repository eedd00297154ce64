import { renderRestart } from "../../../../host/daemon/restartImpact";
import {
  applyDaemonSettings,
  planDaemonSettings,
  planDaemonSettingsRelease,
  releaseDaemonSettings,
} from "../../../../host/daemon/daemonSettings";
import type { EngineLocation } from "../../../../host/daemon/engineLocation";
import { buildFakeLocation, daemonJsonPath, FakeHost, ledgerPath } from "../fakeHost";

const wanted = { metricsAddress: "0.0.0.0:9323", claimant: "shop/dev" };
const original = '{\n    "debug": true\n}';
const merged = '{\n    "debug": true,\n    "metrics-addr": "0.0.0.0:9323"\n}';

const buildHost = (text = original, version?: string): FakeHost => buildHostWith(text, version);
function buildHostWith(text: string | undefined, version = "29.1.3"): FakeHost {
  const host = Object.assign(new FakeHost(), { containersRunning: 7, version });
  if (text !== undefined) host.files.set(daemonJsonPath, { text, mode: 0o640 });
  host.loaded = text ?? "";
  host.showProcess();
  return host;
}
const readText = (host: FakeHost): string | undefined => host.files.get(daemonJsonPath)?.text;
const readLedger = (host: FakeHost): unknown =>
  JSON.parse(host.files.get(ledgerPath)?.text ?? "null");
const watchTexts = (host: FakeHost): string[] => {
  const texts: string[] = [];
  const write = host.writeFileAtomically.bind(host);
  host.writeFileAtomically = async (path, text, mode) => {
    await write(path, text, mode);
    if (path === daemonJsonPath) texts.push(text);
  };
  return texts;
};

describe("a restart that is needed", () => {
  it.each([[original], [undefined], [""], ["{ }"], ['{"live-restore":false}'], ["\uFEFF{}\r\n"]])(
    "keeps the containers, and leaves %j as it was after the release",
    async (text) => {
      const host = buildHostWith(text);
      const location = buildFakeLocation(host);
      await applyDaemonSettings(location, wanted);
      expect([host.containersRunning, host.isLiveRestoreOn()]).toStrictEqual([7, false]);
      expect(readText(host)).not.toMatch(/live-restore": ?true|host-gateway/);
      await releaseDaemonSettings(location, wanted.claimant);
      expect([host.containersRunning, host.isLiveRestoreOn()]).toStrictEqual([7, false]);
      expect([readText(host), host.restarts]).toStrictEqual([text, 2]);
      expect(readLedger(host)).toStrictEqual({ version: 1, files: {} });
    },
  );

  it("switches live-restore on before it and off after it, each seen to by name", async () => {
    const host = buildHost();
    const texts = watchTexts(host);
    await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect(texts.map((text) => JSON.parse(text) as unknown)).toStrictEqual([
      {
        debug: true,
        "metrics-addr": "0.0.0.0:9323",
        "live-restore": true,
        "host-gateway-ip": "172.17.0.1",
      },
      { debug: true, "metrics-addr": "0.0.0.0:9323", "live-restore": false },
      { debug: true, "metrics-addr": "0.0.0.0:9323" },
    ]);
    expect([host.restarts, host.reloads]).toStrictEqual([1, 2]);
  });

  it("leaves live-restore on where its owner has it on", async () => {
    const host = buildHost('{"live-restore": true}');
    await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect(readText(host)).toBe('{"live-restore": true,"metrics-addr": "0.0.0.0:9323"}');
    expect([host.containersRunning, host.isLiveRestoreOn(), host.reloads]).toStrictEqual([
      7,
      true,
      0,
    ]);
  });

  it("has an engine take the live-restore that its owner wrote and never loaded", async () => {
    const host = buildHost('{"live-restore": true}');
    host.loaded = "{}";
    await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect([host.containersRunning, host.isLiveRestoreOn()]).toStrictEqual([7, true]);
  });

  it("does not touch live-restore when nothing runs", async () => {
    const host = Object.assign(buildHost(), { containersRunning: 0 });
    const texts = watchTexts(host);
    await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect([texts, host.reloads]).toStrictEqual([[merged], 0]);
  });

  it("keeps what others edit while it lasts", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    const run = host.run.bind(host);
    host.run = async (command) => {
      const result = await run(command);
      if (command[0] === "restart-it") {
        const text = (readText(host) ?? "").replace('"debug": true', '"debug": false');
        host.files.set(daemonJsonPath, { text, mode: 0o640 });
      }
      return result;
    };
    await applyDaemonSettings(location, wanted);
    expect(readText(host)).toBe(merged.replace("true", "false"));
  });
});

describe("the plan", () => {
  const renderPlan = async (host: FakeHost, given: Partial<EngineLocation> = {}) => {
    const plan = await planDaemonSettings({ ...buildFakeLocation(host), ...given }, wanted);
    return plan.containers === undefined ? "no restart" : renderRestart(plan.containers);
  };

  it("says that containers keep running", async () => {
    expect(await renderPlan(buildHost())).toBe(
      "The Docker Engine restarts; its 7 containers keep running (live-restore, for the time of the restart). Published ports and Docker's DNS pause until it is back.",
    );
    const host = Object.assign(buildHost('{"live-restore": true}'), { containersRunning: 1 });
    expect(await renderPlan(host)).toContain("its container keeps running (live-restore is on)");
  });

  it("says that none run", async () => {
    const host = Object.assign(buildHost(), { containersRunning: 0 });
    expect(await renderPlan(host)).toBe("The Docker Engine restarts; no containers run on it.");
  });

  it("counts paused containers, which have processes too", async () => {
    const host = Object.assign(buildHost(), { info: { ContainersPaused: 2 } });
    expect(await renderPlan(host)).toContain("its 9 containers");
  });

  it.each([
    ["a Swarm", { info: { Swarm: { LocalNodeState: "active" } } }, {}, "is in a Swarm"],
    ["a locked Swarm", { info: { Swarm: { LocalNodeState: "locked" } } }, {}, "is in a Swarm"],
    ["keepContainers: false", {}, { keepContainers: false }, "engineMetrics.keepContainers is"],
    ["an unknown process", {}, { pidFile: "/run/other.pid" }, "its process was not found"],
  ])("says that they stop with %s, and they do", async (_name, facts, given, reason) => {
    const host = Object.assign(buildHost(), facts);
    expect(await renderPlan(host, given)).toMatch(
      `The Docker Engine restarts, which stops its 7 containers, because ${reason === "is in a Swarm" ? "the engine " : ""}${reason}`,
    );
    await applyDaemonSettings({ ...buildFakeLocation(host), ...given }, wanted);
    expect([host.containersRunning, host.reloads]).toStrictEqual([0, 0]);
    expect(readText(host)).toBe(merged);
  });

  it("says that they stop when live-restore is off by a flag", async () => {
    const host = buildHost();
    host.showProcess(["dockerd", "--live-restore=false"]);
    expect(await renderPlan(host)).toContain("started with the flag --live-restore=false");
  });

  it.each([
    ["20.10.24+dfsg1", ", but not job-a and job-b: engines before 24.0.8 remove"],
    ["24.0.7", ", but not job-a and job-b"],
    ["24.0.8", "(live-restore, for the time of the restart). Published"],
    ["29.1.3", "(live-restore, for the time of the restart). Published"],
  ])("names what engine %s removes all the same", async (version, text) => {
    const host = buildHost(original, version);
    const [shop, job] = [{ autoRemove: false }, { autoRemove: true }];
    host.containers = { shop, "job-b": job, "job-a": job };
    expect(await renderPlan(host)).toContain(text);
  });

  it("is made for a release as well, and there is none without a claim", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    host.files.set(daemonJsonPath, { text: "{ garbled", mode: 0o644 });
    expect(await planDaemonSettingsRelease(location, "shop/dev")).toBeUndefined();
    host.files.set(daemonJsonPath, { text: original, mode: 0o644 });
    await applyDaemonSettings(location, wanted);
    const plan = await planDaemonSettingsRelease(location, "shop/dev");
    expect(plan?.containers).toMatchObject({ kind: "keep running", running: 7 });
  });

  it("is announced before anything changes", async () => {
    const host = buildHost();
    const heard: unknown[] = [];
    await applyDaemonSettings(buildFakeLocation(host), wanted, ({ containers }) => {
      heard.push(containers?.kind, readText(host), host.reloads);
    });
    expect(heard).toStrictEqual(["keep running", original, 0]);
  });
});

describe("an engine that does not take live-restore", () => {
  it("is not restarted, and its file is put back", async () => {
    const host = Object.assign(buildHost(), { ignoresReload: true });
    await expect(applyDaemonSettings(buildFakeLocation(host), wanted)).rejects.toThrow(
      /did not switch live-restore on within 0 s[^]*not restarted, and its containers run on[^]*keepContainers: false/,
    );
    expect([readText(host), host.restarts, host.containersRunning]).toStrictEqual([original, 0, 7]);
    expect(host.files.has(ledgerPath)).toBe(false);
  });

  it("keeps its claim when that happens at a release", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    await applyDaemonSettings(location, wanted);
    host.ignoresReload = true;
    await expect(releaseDaemonSettings(location, wanted.claimant)).rejects.toThrow("not restarted");
    expect([readText(host), host.restarts]).toStrictEqual([merged, 1]);
    await releaseDaemonSettings({ ...location, keepContainers: false }, wanted.claimant);
    expect([readText(host), host.containersRunning]).toStrictEqual([original, 0]);
  });

  it("back off is tried again by the next run", async () => {
    const host = buildHost();
    const location = buildFakeLocation(host);
    const run = host.run.bind(host);
    host.run = (command) => {
      if (command[0] === "restart-it") host.ignoresReload = true;
      return run(command);
    };
    const { warnings } = await applyDaemonSettings(location, wanted);
    expect(warnings.join()).toContain("could not be switched off again");
    expect([host.isLiveRestoreOn(), host.containersRunning]).toStrictEqual([true, 7]);
    host.ignoresReload = false;
    expect((await planDaemonSettings(location, wanted)).diff).not.toBe("");
    const second = await applyDaemonSettings(location, wanted);
    expect(second.restarted).toBe(false);
    expect([host.isLiveRestoreOn(), readText(host)]).toStrictEqual([false, merged]);
  });
});

describe("an engine that does not come back", () => {
  it.each([[original], [undefined], ["{}"]])(
    "goes back to %j with its containers running",
    async (text) => {
      const host = buildHostWith(text);
      host.engineRefuses = (now) => now.includes("metrics-addr");
      await expect(applyDaemonSettings(buildFakeLocation(host), wanted)).rejects.toThrow(
        /and the engine answers again/,
      );
      expect([host.containersRunning, host.isLiveRestoreOn()]).toStrictEqual([7, false]);
      expect([readText(host), host.restarts]).toStrictEqual([text, 2]);
      expect(host.files.has(ledgerPath)).toBe(false);
    },
  );

  it("at all keeps live-restore in its file, so that a start by hand stops nothing", async () => {
    const host = buildHost();
    host.engineRefuses = () => true;
    const location = buildFakeLocation(host);
    await expect(applyDaemonSettings(location, wanted)).rejects.toThrow(
      /"live-restore" and "host-gateway-ip" added so that containers which still run survive/,
    );
    expect(JSON.parse(readText(host) ?? "")).toMatchObject({ debug: true, "live-restore": true });
    host.engineRefuses = () => false;
    await applyDaemonSettings(location, wanted);
    expect([readText(host), host.containersRunning]).toStrictEqual([merged, 7]);
    expect(host.isLiveRestoreOn()).toBe(false);
    await releaseDaemonSettings(location, wanted.claimant);
    expect(readText(host)).toBe(original);
  });

  it("because its restart command fails is left as it was", async () => {
    const host = buildHost();
    const location = { ...buildFakeLocation(host), restartCommand: ["no-such-command"] };
    await expect(applyDaemonSettings(location, wanted)).rejects.toThrow("no-such-command");
    expect([readText(host), host.isLiveRestoreOn(), host.containersRunning]).toStrictEqual([
      original,
      false,
      7,
    ]);
    expect(host.files.has(ledgerPath)).toBe(false);
  });
});

describe("host-gateway", () => {
  const liveOriginal = '{"live-restore": true}';

  it("is held by name as long as 20.10 is kept with live-restore, and goes at the end", async () => {
    const host = buildHost(liveOriginal, "20.10.24+dfsg1");
    const location = buildFakeLocation(host);
    await applyDaemonSettings(location, wanted);
    expect(JSON.parse(readText(host) ?? "")).toMatchObject({ "host-gateway-ip": "172.17.0.1" });
    expect((await planDaemonSettings(location, wanted)).restartNeeded).toBe(false);
    await applyDaemonSettings(location, { ...wanted, claimant: "shop/prod" });
    await releaseDaemonSettings(location, "shop/dev");
    expect(host.restarts).toBe(1);
    const texts = watchTexts(host);
    await releaseDaemonSettings(location, "shop/prod");
    expect(JSON.parse(texts[0] ?? "")).toMatchObject({ "host-gateway-ip": "172.17.0.1" });
    expect(readText(host)).toBe(liveOriginal);
  });

  it("is not worth a restart of its own", async () => {
    const host = buildHost('{"live-restore": true,"metrics-addr": "0.0.0.0:9323"}', "20.10.5");
    const late = { ...wanted, experimental: false };
    expect((await planDaemonSettings(buildFakeLocation(host), late)).restartNeeded).toBe(false);
  });

  it("is found although an engine that has just created its bridge does not name it", async () => {
    const host = Object.assign(buildHost(), { isBridgeNew: true });
    const texts = watchTexts(host);
    await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect(JSON.parse(texts[0] ?? "")).toMatchObject({ "host-gateway-ip": "172.17.0.1" });
  });

  it.each(["host-gateway-ip", "host-gateway-ips"])("is left to whoever has set %s", async (key) => {
    const host = buildHost(`{"${key}": "10.0.0.9"}`, "28.1.0");
    const texts = watchTexts(host);
    await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect(texts.join()).not.toContain("172.17.0.1");
  });

  it.each([
    ["19.03.15", "172.17.0.1"],
    ["29.1.3", undefined],
  ])("is not written for engine %s with the bridge's address %s", async (version, gateway) => {
    const host = Object.assign(buildHost(original, version), { gateway });
    const texts = watchTexts(host);
    await applyDaemonSettings(buildFakeLocation(host), wanted);
    expect(texts.join()).not.toContain("host-gateway");
    expect(host.containersRunning).toBe(7);
  });
});

describe.each([[original], [undefined], ["{}"], ['{"live-restore": false}']])(
  "a program killed at any step around a restart with containers, with %j",
  (text) => {
    const reject = (): undefined => undefined;
    const isValid = (host: FakeHost): boolean =>
      readText(host) === text || typeof JSON.parse(readText(host) ?? "") === "object";

    it("of an apply loses none of them, and the next apply and release put all right", async () => {
      let steps = 0;
      for (let isDone = false; !isDone; steps += 1) {
        const host = buildHostWith(text, "20.10.24");
        const location = buildFakeLocation(host);
        host.callsUntilKilled = steps;
        isDone = (await applyDaemonSettings(location, wanted).catch(reject)) !== undefined;
        host.callsUntilKilled = Number.POSITIVE_INFINITY;
        expect(isValid(host)).toBe(true);
        await applyDaemonSettings(location, wanted);
        expect(readText(host)).toContain("metrics-addr");
        expect(readText(host)).not.toMatch(/host-gateway|live-restore": true/);
        expect([host.containersRunning, host.isLiveRestoreOn()]).toStrictEqual([7, false]);
        await releaseDaemonSettings(location, wanted.claimant);
        expect([readText(host), host.loaded === undefined]).toStrictEqual([text, false]);
        expect([host.containersRunning, host.isLiveRestoreOn()]).toStrictEqual([7, false]);
      }
      expect(steps).toBeGreaterThan(30);
    });

    it("of a release loses none of them, and the next release finishes", async () => {
      let steps = 0;
      for (let isDone = false; !isDone; steps += 1) {
        const host = buildHostWith(text, "20.10.24");
        const location = buildFakeLocation(host);
        await applyDaemonSettings(location, wanted);
        host.callsUntilKilled = steps;
        const released = releaseDaemonSettings(location, wanted.claimant);
        isDone = (await released.catch(reject)) !== undefined;
        host.callsUntilKilled = Number.POSITIVE_INFINITY;
        expect(isValid(host)).toBe(true);
        await releaseDaemonSettings(location, wanted.claimant);
        expect(readText(host)).toBe(text);
        expect([host.containersRunning, host.isLiveRestoreOn()]).toStrictEqual([7, false]);
        expect(readLedger(host)).toStrictEqual({ version: 1, files: {} });
      }
      expect(steps).toBeGreaterThan(30);
    });

    it("while an engine that refuses is put back loses none of them", async () => {
      let steps = 0;
      for (let isDone = false; !isDone; steps += 1) {
        const host = buildHostWith(text, "20.10.24");
        const location = buildFakeLocation(host);
        host.engineRefuses = (now) => now.includes("metrics-addr");
        host.callsUntilKilled = steps;
        isDone = await applyDaemonSettings(location, wanted).then(
          () => false,
          (error: unknown) => String(error).includes("and the engine answers again"),
        );
        host.callsUntilKilled = Number.POSITIVE_INFINITY;
        host.engineRefuses = () => false;
        expect(isValid(host)).toBe(true);
        await applyDaemonSettings(location, wanted);
        expect([host.containersRunning, host.isLiveRestoreOn()]).toStrictEqual([7, false]);
        await releaseDaemonSettings(location, wanted.claimant);
        expect([readText(host), host.containersRunning]).toStrictEqual([text, 7]);
      }
      expect(steps).toBeGreaterThan(40);
    });
  },
);
