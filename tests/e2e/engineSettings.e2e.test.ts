import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import {
  applyDaemonSettings,
  readDaemonSettings,
  releaseDaemonSettings,
} from "../../host/daemon/daemonSettings";
import { detectEngine } from "../../host/docker/detectEngine";
import { stopEngineDirectly } from "../../host/daemon/directEngine";
import type { EngineLocation } from "../../host/daemon/engineLocation";
import { findEngineProcess } from "../../host/daemon/engineProcess";
import { describeOnSecondEngine } from "../support/describeOnSecondEngine";
import { closeServer, findFreePorts, occupyPort, portOf } from "../support/freePorts";
import { SecondEngine } from "../support/secondEngine";

// As a person with habits of their own writes it: spaces around colons, Windows line ends, no final newline.
const renderOddly = (settings: Readonly<Record<string, unknown>>): string => {
  const lines = Object.entries({ "log-level": "info", labels: ["a=1"], ...settings }).map(
    ([key, value]) => `   "${key}" : ${JSON.stringify(value)}`,
  );
  return `{\r\n${lines.join(",\r\n")}\r\n}`;
};

describeOnSecondEngine("the settings of a second, real engine", () => {
  const claimant = "glasshouse/e2e";
  let engine: SecondEngine;
  let location: EngineLocation;
  let metricsAddress: string;
  let realPath: string;

  beforeAll(async () => {
    metricsAddress = `127.0.0.1:${(await findFreePorts(1))[0]}`;
    engine = await SecondEngine.start({ render: renderOddly });
    location = engine.location;
    // A link into a folder that someone keeps under version control, readable for a group.
    realPath = join(engine.folder, "dotfiles", "docker.json");
    mkdirSync(join(engine.folder, "dotfiles"));
    renameSync(engine.daemonJsonPath, realPath);
    symlinkSync("dotfiles/docker.json", engine.daemonJsonPath);
    chownSync(realPath, 1234, 5678);
    chmodSync(realPath, 0o640);
  });

  afterAll(async () => {
    await engine.stop();
  });

  const findProcess = () => findEngineProcess(location.host, location.pidFile);
  const expectLinkAndOwner = (): void => {
    expect(lstatSync(engine.daemonJsonPath).isSymbolicLink()).toBe(true);
    expect(readlinkSync(engine.daemonJsonPath)).toBe("dotfiles/docker.json");
    const { mode, uid, gid } = statSync(realPath);
    expect([mode & 0o777, uid, gid]).toStrictEqual([0o640, 1234, 5678]);
  };

  it("are refused for a file that is immutable, and nothing is restarted", async () => {
    execFileSync("chattr", ["+i", realPath]);
    try {
      const before = await findProcess();
      await expect(applyDaemonSettings(location, { metricsAddress, claimant })).rejects.toThrow(
        /does not allow a change of .*\(EPERM\).*chattr -i/,
      );
      expect(await findProcess()).toStrictEqual(before);
      expect(engine.readDaemonJson()).toBe(engine.originalText);
      expect(existsSync(join(location.stateFolder, "daemon-settings.json"))).toBe(false);
    } finally {
      execFileSync("chattr", ["-i", realPath]);
    }
  });

  it("are refused for a port that another program has, and nothing is restarted", async () => {
    const holder = await occupyPort();
    // Asked for measurements it says nothing, and a connection left open would keep it from closing.
    holder.on("connection", (connection) => connection.destroy());
    try {
      const before = await findProcess();
      const wanted = { metricsAddress: `127.0.0.1:${portOf(holder)}`, claimant };
      await expect(applyDaemonSettings(location, wanted)).rejects.toThrow(
        /Port \d+ on this machine is taken by another program.*Nothing was changed/,
      );
      expect(await findProcess()).toStrictEqual(before);
      expect(engine.readDaemonJson()).toBe(engine.originalText);
    } finally {
      await closeServer(holder);
    }
  });

  it("offer measurements after one apply, and a second apply restarts nothing", async () => {
    const before = await findProcess();
    const first = await applyDaemonSettings(location, { metricsAddress, claimant });
    const after = await findProcess();
    const second = await applyDaemonSettings(location, { metricsAddress, claimant });
    const last = await findProcess();

    expect(first.restarted).toBe(true);
    expect(after?.pid).not.toBe(before?.pid);
    expect(after?.argv).toStrictEqual(before?.argv);
    expect(second).toMatchObject({ restarted: false, diff: "" });
    expect(last?.pid).toBe(after?.pid);
    expect(await readDaemonSettings(location, claimant)).toMatchObject({
      metricsAddress,
      metricsAnswer: true,
      isClaimed: true,
    });
  });

  it("are written as the file's owner writes, through their link, for the same readers", () => {
    const added = [`   "metrics-addr" : "${metricsAddress}"`, '   "experimental" : true'];
    expect(engine.readDaemonJson()).toBe(
      `${engine.originalText.slice(0, -"\r\n}".length)},\r\n${added.join(",\r\n")}\r\n}`,
    );
    expectLinkAndOwner();
  });

  it("with an address that the host does not have are refused, and the engine runs on", async () => {
    const before = engine.readDaemonJson();
    // From the range reserved for documentation: no host has it.
    const wanted = { metricsAddress: "192.0.2.1:9323", claimant };
    await expect(applyDaemonSettings(location, wanted)).rejects.toThrow("is not an address of");
    expect(engine.readDaemonJson()).toBe(before);
    expect((await detectEngine(location)).kind).toBe("engine");
  });

  it("start an engine again that a crash has left stopped", async () => {
    await stopEngineDirectly(location);
    const outcome = await applyDaemonSettings(location, { metricsAddress, claimant });
    expect(outcome.restarted).toBe(true);
    expect(await readDaemonSettings(location, claimant)).toMatchObject({ metricsAnswer: true });
  });

  it("are as before, byte for byte, after the last release", async () => {
    const outcome = await releaseDaemonSettings(location, claimant);
    expect(outcome.restarted).toBe(true);
    expect(engine.readDaemonJson()).toBe(engine.originalText);
    expectLinkAndOwner();
    expect(await readDaemonSettings(location, claimant)).toStrictEqual({
      metricsAddress: undefined,
      experimental: undefined,
      metricsAnswer: false,
      isClaimed: false,
    });
  });
});
