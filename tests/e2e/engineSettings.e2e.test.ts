import { execFileSync } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  applyDaemonSettings,
  readDaemonSettings,
  releaseDaemonSettings,
} from "../../engine/daemonSettings";
import { detectEngine } from "../../engine/detectEngine";
import {
  buildStartCommand,
  startEngineDirectly,
  stopEngineDirectly,
} from "../../engine/directEngine";
import { buildEngineLocation, type EngineLocation } from "../../engine/engineLocation";
import { findEngineProcess } from "../../engine/engineProcess";

const isPossible =
  process.getuid?.() === 0 && hasProgram("dockerd", "--version") && hasProgram("ip", "-V");

if (isPossible) describe("a second, real engine of this machine", trySecondEngine);
else {
  console.warn("SKIPPED: the engine settings' e2e test needs root and the programs dockerd and ip");
  it("SKIPPED: a second, real engine of this machine", () => undefined);
}

function trySecondEngine(): void {
  const claimant = "glasshouse/e2e";
  const bridge = `gh-${process.pid}`;
  const original = '{\n\t"log-level": "info",\n\t"labels": ["a=1"]\n}';
  let folder: string;
  let location: EngineLocation;
  let metricsAddress: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "glasshouse-engine-"));
    metricsAddress = `127.0.0.1:${await findFreePort()}`;
    location = buildEngineLocation({
      daemonJsonPath: join(folder, "daemon.json"),
      stateFolder: join(folder, "state"),
      socketPath: join(folder, "docker.sock"),
      pidFile: join(folder, "docker.pid"),
      logPath: join(folder, "log", "dockerd.log"),
      restartMethod: "direct",
      waitSeconds: 45,
    });
    writeFileSync(location.daemonJsonPath, original, { mode: 0o640 });
    const args = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")];
    // A bridge of its own: with `--bridge none` dockerd removes docker0, which the machine's own engine uses.
    execFileSync("ip", ["link", "add", "name", bridge, "type", "bridge"]);
    execFileSync("ip", ["address", "add", "10.213.97.1/29", "dev", bridge]);
    const alone = ["--bridge", bridge, "--iptables=false"];
    await startEngineDirectly(location, buildStartCommand(location, [...args, ...alone]));
  }, 60_000);

  afterAll(async () => {
    await stopEngineDirectly(location);
    execFileSync("ip", ["link", "delete", bridge]);
    unmountBelow(folder);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const readText = (): string => readFileSync(location.daemonJsonPath, "utf8");

  it("offers its measurements after one apply, and a second apply restarts nothing", async () => {
    const before = await findEngineProcess(location.host, location.pidFile);
    const first = await applyDaemonSettings(location, { metricsAddress, claimant });
    const after = await findEngineProcess(location.host, location.pidFile);
    const second = await applyDaemonSettings(location, { metricsAddress, claimant });
    const last = await findEngineProcess(location.host, location.pidFile);

    expect(first.restarted).toBe(true);
    expect(after?.pid).not.toBe(before?.pid);
    expect(after?.argv).toStrictEqual(before?.argv);
    expect(second).toMatchObject({ restarted: false, diff: "" });
    expect(last?.pid).toBe(after?.pid);
    expect(statSync(location.daemonJsonPath).mode & 0o777).toBe(0o640);
    expect(await readDaemonSettings(location, claimant)).toMatchObject({
      metricsAddress,
      metricsAnswer: true,
      isClaimed: true,
    });
  }, 120_000);

  it("refuses an address that the host does not have and keeps running", async () => {
    const before = readText();
    // From the range reserved for documentation: no host has it.
    const wanted = { metricsAddress: "192.0.2.1:9323", claimant };
    await expect(applyDaemonSettings(location, wanted)).rejects.toThrow("is not an address of");
    expect(readText()).toBe(before);
    expect((await detectEngine(location)).kind).toBe("engine");
  }, 60_000);

  it("comes back with the old settings when the engine does not start with the new ones", async () => {
    const before = readText();
    // Blinded to the pre-bind test, so that the engine itself has to fail on the address.
    const blind = Object.assign(Object.create(location.host) as typeof location.host, {
      tryListening: () => Promise.resolve(undefined),
    });
    const wanted = { metricsAddress: "192.0.2.1:9323", claimant };
    await expect(applyDaemonSettings({ ...location, host: blind }, wanted)).rejects.toThrow(
      /byte for byte, and the engine answers again[^]*cannot assign requested address/,
    );
    expect(readText()).toBe(before);
    expect(await readDaemonSettings(location, claimant)).toMatchObject({ metricsAnswer: true });
  }, 180_000);

  it("starts an engine again that a crash has left stopped", async () => {
    await stopEngineDirectly(location);
    const outcome = await applyDaemonSettings(location, { metricsAddress, claimant });
    expect(outcome.restarted).toBe(true);
    expect(await readDaemonSettings(location, claimant)).toMatchObject({ metricsAnswer: true });
  }, 120_000);

  it("reads as before, byte for byte, after the last release", async () => {
    const outcome = await releaseDaemonSettings(location, claimant);
    expect(outcome.restarted).toBe(true);
    expect(readText()).toBe(original);
    expect(await readDaemonSettings(location, claimant)).toStrictEqual({
      metricsAddress: undefined,
      experimental: undefined,
      metricsAnswer: false,
      isClaimed: false,
    });
  }, 120_000);
}

// dockerd mounts its data folder onto itself, and leaves that mount when it stops.
function unmountBelow(folder: string): void {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const points = mounts.map((line) => line.split(" ")[1] ?? "");
  for (const point of points.reverse()) {
    if (point.startsWith(`${folder}/`)) execFileSync("umount", [point]);
  }
}

function hasProgram(program: string, flag: string): boolean {
  try {
    execFileSync(program, [flag], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
