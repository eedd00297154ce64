import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildStartCommand,
  restartEngineDirectly,
  startEngineDirectly,
  stopEngineDirectly,
} from "../../../../host/daemon/directEngine";
import { buildEngineLocation, type EngineLocation } from "../../../../host/daemon/engineLocation";
import { findEngineProcess, isGone, readFlag } from "../../../../host/daemon/engineProcess";
import type { CommandResult, RunOptions } from "../../../../host/access/hostAccess";
import { LocalHost } from "../../../../host/access/localHost";
import { readRestartMethod, restartEngine } from "../../../../host/daemon/restart";
import { buildFakeLocation, FakeHost } from "../fakeHost";

// A stand-in for dockerd: pid file, socket, an answer to everything, and what it was started with.
const standIn = `
const fs = require("node:fs"), http = require("node:http");
const [folder, mode] = process.argv.slice(2);
console.log("started in " + process.cwd() + " as " + mode);
if (mode === "broken") { console.error("cannot start"); process.exit(1); }
fs.writeFileSync(folder + "/docker.pid", String(process.pid));
fs.writeFileSync(folder + "/environment.json", JSON.stringify(process.env));
http.createServer((_, answer) => answer.end("OK")).listen(folder + "/docker.sock");
process.on("SIGTERM", () => {
  if (mode === "stubborn") return;
  fs.rmSync(folder + "/docker.sock", { force: true });
  process.exit(0);
});
`;

/** Runs as whoever runs the test: the stand-in needs no root. */
class UnprivilegedHost extends LocalHost {
  override run(command: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    return super.run(command, { ...options, asRoot: false });
  }
}

describe("an engine that is started directly", () => {
  let folder: string;
  let location: EngineLocation;
  const host = new UnprivilegedHost();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "glasshouse-direct-"));
    writeFileSync(join(folder, "dockerd"), standIn);
    location = buildEngineLocation({
      host,
      stateFolder: join(folder, "state"),
      socketPath: join(folder, "docker.sock"),
      pidFile: join(folder, "docker.pid"),
      logPath: join(folder, "log", "dockerd.log"),
      restartMethod: "direct",
      waitSeconds: 10,
    });
  });
  afterEach(async () => {
    const left = await findEngineProcess(host, location.pidFile);
    if (left !== undefined) process.kill(left.pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (mode = "plain", environment = {}): Promise<number> =>
    startEngineDirectly(location, {
      argv: [process.execPath, "dockerd", folder, mode],
      environment,
      folder,
    });
  const readEnvironment = (): Record<string, string> =>
    JSON.parse(readFileSync(join(folder, "environment.json"), "utf8")) as Record<string, string>;

  it("comes back with the same arguments, environment and folder, in a session of its own", async () => {
    const environment = { HTTP_PROXY: 'http://me:it\'s "$x"\n@proxy', EMPTY: "" };
    const first = await start("plain", environment);
    const second = await restartEngineDirectly(location);
    expect(await isGone(host, first)).toBe(true);
    expect(await findEngineProcess(host, location.pidFile)).toStrictEqual({
      pid: second,
      argv: [process.execPath, "dockerd", folder, "plain"],
    });
    expect(readEnvironment()).toMatchObject(environment);
    // The fourth number after the name is the session: its own pid.
    const stat = readFileSync(`/proc/${second}/stat`, "utf8").split(") ")[1]?.split(" ");
    expect(stat?.[3]).toBe(String(second));
    const log = readFileSync(location.logPath, "utf8");
    expect(log).toBe(`started in ${folder} as plain\n`.repeat(2));
  });

  it("does not inherit this program's secrets", async () => {
    process.env["PULUMI_CONFIG_PASSPHRASE"] = "secret";
    try {
      await start();
      expect(readEnvironment()).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
      const variables = process.env as Record<string, string>;
      const { environment } = buildStartCommand(location, {}, variables);
      expect(environment).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
      expect(environment).toHaveProperty("PATH");
    } finally {
      delete process.env["PULUMI_CONFIG_PASSPHRASE"];
    }
  });

  it("is started as it was when a crash has left it stopped", async () => {
    await start("plain", { KEPT: "yes" });
    await restartEngineDirectly(location);
    await stopEngineDirectly(location);
    expect(statSync(join(folder, "state", "engine-start.json")).mode & 0o777).toBe(0o600);
    await restartEngineDirectly(location);
    expect(readEnvironment()).toMatchObject({ KEPT: "yes" });
  });

  it("that ends at once is reported at once, not after the whole wait", async () => {
    const started = Date.now();
    await expect(start("broken")).rejects.toThrow("ended right after its start");
    expect(Date.now() - started).toBeLessThan(5000);
    expect(readFileSync(location.logPath, "utf8")).toContain("cannot start");
  });

  it("that does not stop is not killed", async () => {
    const pid = await start("stubborn");
    const stopped = stopEngineDirectly({ ...location, waitSeconds: 0.5 });
    await expect(stopped).rejects.toThrow(`(process ${pid}) on this machine did not stop within`);
    expect(await isGone(host, pid)).toBe(false);
  });

  it("leaves a stranger alone whose number stands in an old pid file", async () => {
    writeFileSync(location.pidFile, String(process.pid));
    expect(await findEngineProcess(host, location.pidFile)).toBeUndefined();
    await stopEngineDirectly(location);
    expect(await isGone(host, process.pid)).toBe(false);
  });

  it("is stopped already when there is no pid file", async () => {
    await expect(stopEngineDirectly(location)).resolves.toBeUndefined();
  });
});

describe("the restart method", () => {
  it("is direct where no init runs", async () => {
    const location = { ...buildFakeLocation(new FakeHost()), restartMethod: "auto" as const };
    expect(await readRestartMethod(location)).toBe("direct");
  });

  it("is systemd where it knows docker.service, and clears its restart limit first", async () => {
    const host = new FakeHost();
    host.files.set("/run/systemd/system", { text: "", mode: 0o755 });
    const run = jest.spyOn(host, "run").mockImplementation(async (command) => {
      host.commands.push(command.join(" "));
      return { exitCode: 0, stdout: "", stderr: "" };
    });
    await restartEngine({ ...buildFakeLocation(host), restartMethod: "auto" });
    expect(run).toHaveBeenCalledTimes(3);
    expect(host.commands).toStrictEqual([
      "systemctl cat docker.service",
      "systemctl reset-failed docker.service",
      "systemctl restart docker.service",
    ]);
  });

  it("has to be told where systemd runs without a docker.service", async () => {
    const host = new FakeHost();
    host.files.set("/run/systemd/system", { text: "", mode: 0o755 });
    const location = { ...buildFakeLocation(host), restartMethod: "auto" as const };
    await expect(restartEngine(location)).rejects.toThrow('Set the restart method to "command"');
  });

  it.each([
    [{ restartMethod: "command" as const }, "no command is given"],
    [{ restartCommand: ["x"] }, 'the restart method is "auto"'],
  ])("is refused as %j", (given, reason) => {
    expect(() => buildEngineLocation(given)).toThrow(reason);
  });
});

describe("readFlag", () => {
  it.each([
    [["dockerd", "--metrics-addr", "x"], "x"],
    [["dockerd", "--metrics-addr=x"], "x"],
    [["dockerd", "--metrics-addr"], "true"],
    [["dockerd", "--metrics-addr", "--debug"], "true"],
    [["dockerd", "--metrics-address", "x"], undefined],
  ])("reads %j as %j", (argv, value) => {
    expect(readFlag(argv, "metrics-addr")).toBe(value);
  });
});
