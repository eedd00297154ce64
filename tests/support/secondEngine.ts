import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEngineDirectly, stopEngineDirectly } from "../../host/daemon/directEngine";
import { buildEngineLocation, type EngineLocation } from "../../host/daemon/engineLocation";
import { pingEngine } from "../../host/daemon/engineProbe";
import { findEngineProcess, isGone, waitUntilGone } from "../../host/daemon/engineProcess";
import { run, runOrReject } from "../../cli/run";

export interface SecondEngineOptions {
  /** Where images and containers go, such as a small disk. @default a folder of the engine's own */
  readonly dataRoot?: string;
  /** Settings in daemon.json beside those that keep the engine apart, by key. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The whole text of daemon.json, made from the settings, for a test of odd spellings. @default JSON, indented */
  readonly render?: (settings: Readonly<Record<string, unknown>>) => string;
}

let startedHere = 0;

/**
 * A Docker Engine of a test's own beside the machine's: with data, socket, bridge and addresses that nothing else uses,
 * all of them said by its daemon.json, so that `host.uri` and `engineMetrics.daemonJson` are enough to manage it. It
 * makes no firewall rules: containers reach the host and each other, and ports that are published on 127.0.0.1 answer there.
 */
export class SecondEngine {
  /** For `host.uri`, `DOCKER_HOST` and `docker --host`. */
  readonly dockerHost: string;
  readonly daemonJsonPath: string;
  /** For a network of this engine that has to be known beforehand: nothing else of the machine has it. */
  readonly subnet: string;
  /** daemon.json as it was when the engine was first started. */
  readonly originalText: string;
  /** dockerd's output until someone else restarts it. */
  readonly logPath: string;
  /** For the functions in `engine/`; its ledger and backups are the engine's own. */
  readonly location: EngineLocation;

  private constructor(
    /** Holds everything of the engine but a `dataRoot` given from outside. */
    readonly folder: string,
    readonly dataRoot: string,
    /** The bridge's address: what `host-gateway` means to this engine's containers. */
    readonly gateway: string,
    private readonly bridge: string,
    { settings = {}, render = renderIndented }: SecondEngineOptions,
  ) {
    // No `default-address-pools`: with it dockerd 20.10 removes docker0, which the machine's own engine uses.
    const socketPath = join(folder, "docker.sock");
    const pidFile = join(folder, "docker.pid");
    this.dockerHost = `unix://${socketPath}`;
    this.daemonJsonPath = join(folder, "daemon.json");
    const [, , block = ""] = gateway.split(".");
    this.subnet = `10.214.${block}.0/28`;
    this.logPath = join(folder, "log", "dockerd.log");
    this.originalText = render({
      hosts: [this.dockerHost],
      pidfile: pidFile,
      "data-root": dataRoot,
      "exec-root": join(folder, "exec"),
      bridge,
      iptables: false,
      ...settings,
    });
    this.location = buildEngineLocation({
      daemonJsonPath: this.daemonJsonPath,
      stateFolder: join(folder, "state"),
      socketPath,
      pidFile,
      logPath: this.logPath,
      restartMethod: "direct",
      waitSeconds: 60,
    });
  }

  /** Whether this user and machine can run a second engine. */
  static get isPossible(): boolean {
    return process.getuid?.() === 0 && hasProgram("dockerd", "--version") && hasProgram("ip", "-V");
  }

  /** Starts an engine without any image; `stop` has to be called whatever happens. */
  static async start(options: SecondEngineOptions = {}): Promise<SecondEngine> {
    const folder = mkdtempSync(join(tmpdir(), "glasshouse-engine-"));
    const dataRoot = options.dataRoot ?? join(folder, "data");
    startedHere += 1;
    // With `--bridge none` dockerd would remove docker0, which the machine's own engine uses.
    const bridge = `gh${process.pid}-${startedHere}`;
    const gateway = makeBridge(bridge);
    const engine = new SecondEngine(folder, dataRoot, gateway, bridge, options);
    writeFileSync(engine.daemonJsonPath, engine.originalText, { mode: 0o644 });
    try {
      await startEngineDirectly(engine.location);
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return engine;
  }

  /** Calls Docker's command line on this engine; its failure is the test's. */
  async docker(...args: string[]): Promise<string> {
    return (await runOrReject(["docker", "--host", this.dockerHost, ...args])).trim();
  }

  /** Copies images of the machine's own engine into this one; one that is not there is pulled first. */
  async loadImage(...references: string[]): Promise<void> {
    for (const reference of references) {
      const { exitCode } = await run(["docker", "image", "inspect", reference]);
      if (exitCode !== 0) await runOrReject(["docker", "pull", "--quiet", reference]);
    }
    const archive = join(this.folder, "images.tar");
    try {
      await runOrReject(["docker", "save", "--output", archive, ...references]);
      await this.docker("load", "--quiet", "--input", archive);
    } finally {
      rmSync(archive, { force: true });
    }
  }

  /** The process id of its dockerd; `undefined` when it is down. */
  async readPid(): Promise<number | undefined> {
    return (await findEngineProcess(this.location.host, this.location.pidFile))?.pid;
  }

  readDaemonJson(): string {
    return readFileSync(this.daemonJsonPath, "utf8");
  }

  /** Stops dockerd as its owner would and starts it again. */
  async restart(): Promise<void> {
    await stopEngineDirectly(this.location);
    await this.resume();
  }

  /** Starts dockerd again after `kill`, or after a failure. */
  async resume(): Promise<void> {
    await startEngineDirectly(this.location);
  }

  /** Ends dockerd at once, without a chance to tidy up; containers stay. */
  async kill(): Promise<void> {
    const pid = await this.readPid();
    if (pid === undefined) throw new Error("the second engine is down already");
    process.kill(pid, "SIGKILL");
    await waitUntilGone(this.location.host, pid, 20);
  }

  /** Removes the engine and everything on it, in whatever state it is. */
  async stop(): Promise<void> {
    // A test may have made it immutable; on a file system without such a flag there is nothing to undo.
    await run(["chattr", "-i", this.daemonJsonPath]);
    try {
      await this.removeContainers();
      await stopEngineDirectly(this.location);
    } finally {
      await this.endProcesses();
      unmountBelow(this.folder);
      unmountBelow(this.dataRoot);
      execFileSync("ip", ["link", "delete", this.bridge]);
      if (this.dataRoot.startsWith(`${this.folder}/`)) {
        rmSync(this.dataRoot, { recursive: true, force: true });
      } else emptyFolder(this.dataRoot);
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  // Only a running engine takes its containers' mounts and its networks' bridges with it.
  private async removeContainers(): Promise<void> {
    if ((await pingEngine(this.location)) !== undefined) {
      if ((await this.readPid()) !== undefined) await this.kill();
      writeFileSync(this.daemonJsonPath, this.originalText);
      await this.resume().catch((error: unknown) => {
        console.warn(`the second engine left something behind: ${String(error)}`);
      });
    }
    if ((await pingEngine(this.location)) !== undefined) return;
    const ids = (await this.docker("ps", "--all", "--quiet")).split("\n").filter((id) => id !== "");
    if (ids.length > 0) await this.docker("rm", "--force", "--volumes", ...ids);
    await this.docker("network", "prune", "--force");
  }

  // Whatever still has one of the engine's folders among its arguments: dockerd, its containerd, containers' shims.
  private async endProcesses(): Promise<void> {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && +name !== process.pid);
    for (const pid of pids.map(Number)) {
      if (!readArguments(pid).includes(`${this.folder}/exec`) && pid !== (await this.readPid())) {
        continue;
      }
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself in the meantime.
      }
      for (let left = 50; left > 0 && !(await isGone(this.location.host, pid)); left -= 1) {
        await sleep(100);
      }
    }
  }
}

function renderIndented(settings: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}

/** @returns the bridge's address, in a block that nothing else on this machine has */
function makeBridge(bridge: string): string {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const block = (process.pid + startedHere + attempt * 37) % 256;
    const taken = execFileSync("ip", ["-4", "-o", "address"], { encoding: "utf8" });
    if (new RegExp(` 10\\.21[34]\\.${block}\\.`).test(taken)) continue;
    execFileSync("ip", ["link", "add", "name", bridge, "type", "bridge"]);
    const address = `10.213.${block}.1`;
    execFileSync("ip", ["address", "add", `${address}/24`, "dev", bridge]);
    return address;
  }
  throw new Error("found no free address block for the second engine's bridge");
}

// dockerd mounts its data folder onto itself, and leaves that mount when it stops.
function unmountBelow(folder: string): void {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const points = mounts.map((line) => line.split(" ")[1] ?? "");
  for (const point of points.reverse()) {
    if (point.startsWith(`${folder}/`)) execFileSync("umount", [point]);
  }
}

function emptyFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder);
  for (const name of readdirSync(folder)) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function readArguments(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // Ended since the listing.
    return "";
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
