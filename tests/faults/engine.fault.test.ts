import { setTimeout as sleep } from "node:timers/promises";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { images } from "../../config/images";
import {
  buildEngineLocation,
  findFileSuffix,
  type EngineLocation,
} from "../../host/daemon/engineLocation";
import { pingEngine } from "../../host/daemon/engineProbe";
import { removeDeadLock, repairInterruptedUpdate } from "../../cli/ensureStack";
import { explainCause } from "../../cli/explainCause";
import { run } from "../../cli/run";
import { projectFolder } from "../../cli/versions";
import { allowTraffic } from "../support/allowTraffic";
import { closeServer, findFreePorts, portOf } from "../support/freePorts";
import { killUpdate } from "../support/killUpdate";
import { quote, recordFault } from "../support/recordFault";
import { SecondEngine } from "../support/secondEngine";
import { seededRandom } from "../support/seededRandom";
import { ShopStack, till, tiny } from "../support/shopStack";
import { skip } from "../support/skip";
import { networkSettings } from "../support/testNetwork";
import { waitUntil } from "../support/waitUntil";

interface NetworkImages {
  readonly builds: { readonly baseImage?: string };
  readonly prometheus: { readonly image?: string };
}

const builtImage = "glasshouse-e2e/tiny:1";

if (SecondEngine.isPossible) describe("an engine", breakEngine);
else skip("an engine", "a second engine needs root and the programs dockerd and ip");

function breakEngine(): void {
  let disk: string;
  let stopTraffic: (() => void) | undefined;
  let engine: SecondEngine;
  let running: ShopStack;
  let ports: readonly number[];
  let metricsPort: number;

  const engineMetrics = (changes: Record<string, unknown> = {}) => ({
    mode: "managed",
    address: `${engine.gateway}:${metricsPort}`,
    daemonJson: engine.daemonJsonPath,
    restart: "direct",
    ...changes,
  });
  const write = (changes: Record<string, unknown> = {}, ...apps: Partial<AppSettingsInput>[]) => {
    running.stack.write({
      ...running.buildSettings([running.shop, ...apps.map((app) => till(app))].map(withImage)),
      host: { uri: engine.dockerHost },
      network: { subnet: engine.subnet },
      engineMetrics: engineMetrics(changes),
    });
  };

  beforeAll(async () => {
    ports = await findFreePorts(4);
    metricsPort = ports[0]!;
    // A small disk of its own, so that it can be filled.
    disk = mkdtempSync(join(tmpdir(), "glasshouse-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1500m", "glasshouse-test-disk", disk]);
    engine = await SecondEngine.start({ dataRoot: disk });
    stopTraffic = allowTraffic(engine.subnet);
    const { builds, prometheus }: NetworkImages = networkSettings();
    const needed = [builds.baseImage ?? images.base, prometheus.image ?? images.prometheus];
    await engine.loadImage(...needed);
    const [base = ""] = needed;
    const folder = join(projectFolder, tiny.build.context);
    await engine.docker("build", "--build-arg", `BASE_IMAGE=${base}`, "--tag", builtImage, folder);
    running = await ShopStack.create("engine");
    write();
    await running.stack.up();
    await expectAllUp();
  });

  afterAll(async () => {
    try {
      if ((await pingEngine(engine.location)) !== undefined) await engine.resume();
      await running.stack.remove();
      expect(engine.readDaemonJson()).toBe(engine.originalText);
    } finally {
      stopTraffic?.();
      await engine.stop();
      removeHostFiles(engine.location);
      execFileSync("umount", [disk]);
      rmSync(disk, { recursive: true });
    }
  });

  async function expectAllUp(): Promise<void> {
    await waitUntil(
      "Prometheus answers",
      () => running.prometheus.queryNumber("vector(1)").catch(() => NaN),
      (answer) => answer === 1,
      120,
    );
    for (const job of ["docker", "prometheus", "shop"]) {
      await running.prometheus.waitForTargets(job, 1);
    }
    expect(await running.askShop()).toContain("tiny_answers_total");
  }

  /** What tells that the shop was neither stopped nor started. */
  const readShopRun = () =>
    engine.docker(
      ...["inspect", `${running.stack.prefix}-shop-1`],
      ...["--format", "{{.Id}} {{.State.Running}} {{.State.StartedAt}}"],
    );

  async function expectKept(samples: readonly string[]): Promise<void> {
    const now = new Set(await running.prometheus.readSamples("up", "1h"));
    expect(samples.filter((sample) => !now.has(sample))).toStrictEqual([]);
  }

  const readSamples = () => running.prometheus.readSamples("up", "1h");

  it.each<["restarted" | "killed"]>([["restarted"], ["killed"]])(
    "that is %s takes the stack with it and brings it back",
    async (how) => {
      const samples = await readSamples();
      expect(samples.length).toBeGreaterThan(0);
      let said = "a gap while it is away";
      if (how === "killed") {
        await engine.kill();
        const output = await running.stack.failToUp();
        said = quote(output, /Cannot connect to the Docker daemon/);
        await engine.resume();
      } else await engine.restart();
      await expectAllUp();
      await expectKept(samples);
      await running.expectNothingToDo();
      recordFault({
        fault: how === "killed" ? "the engine killed" : "the engine restarted",
        sees: `${said}; every container and target is back by itself`,
        kept: `all ${samples.length} samples, every container; \`up\` has nothing to do`,
      });
    },
  );

  it("whose metrics port is taken is left as it is", async () => {
    const connections = new Set<Socket>();
    const holder = createServer((socket) => connections.add(socket));
    await new Promise<void>((resolve) => holder.listen(0, engine.gateway, resolve));
    const before = { text: engine.readDaemonJson(), run: await readShopRun() };
    try {
      write({ address: `${engine.gateway}:${portOf(holder)}` });
      const output = await running.stack.failToUp();
      expect({ text: engine.readDaemonJson(), run: await readShopRun() }).toStrictEqual(before);
      recordFault({
        fault: "the metrics port is taken",
        sees: quote(output, /is taken by another program/),
        kept: "daemon.json, the engine and its containers; nothing was restarted",
      });
    } finally {
      for (const socket of connections) socket.destroy();
      await closeServer(holder);
    }
  });

  it("whose restart command fails has its old settings back", async () => {
    const before = engine.readDaemonJson();
    write({
      address: `${engine.gateway}:${ports[1]}`,
      restart: "command",
      restartCommand: ["sh", "-c", "echo the key is lost >&2; exit 3"],
    });
    const output = await running.stack.failToUp();
    expect(output).toContain("the key is lost");
    expect(engine.readDaemonJson()).toBe(before);
    write();
    await running.stack.up();
    await expectAllUp();
    recordFault({
      fault: "a restart command that fails",
      sees: quote(output, /the key is lost/),
      kept: "daemon.json, byte for byte; the engine and its containers",
    });
  });

  it("that does not come back with the new settings is started with the old ones", async () => {
    const before = engine.readDaemonJson();
    const samples = await readSamples();
    const refused = ports[2]!;
    // A restart that dies with the new settings and works with the old ones.
    const script = `
      pid=$(cat "$1/docker.pid")
      kill "$pid"
      while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
      grep -q ":${refused}\\"" "$1/daemon.json" && exit 0
      setsid dockerd --config-file "$1/daemon.json" >>"$1/log/dockerd.log" 2>&1 </dev/null &
    `;
    write({
      address: `${engine.gateway}:${refused}`,
      restart: "command",
      restartCommand: ["sh", "-c", script, "sh", engine.folder],
    });
    const output = await running.stack.failToUp();
    expect(engine.readDaemonJson()).toBe(before);
    expect(await pingEngine(engine.location)).toBeUndefined();
    write();
    await running.stack.up();
    await expectAllUp();
    await expectKept(samples);
    recordFault({
      fault: "an engine that does not come back",
      sees: quote(output, /answers again/),
      kept: "daemon.json, byte for byte; every container is back; the series",
    });
  });

  it("whose settings lie on a read-only file system is left as it is", async () => {
    const before = { text: engine.readDaemonJson(), run: await readShopRun() };
    write({ address: `${engine.gateway}:${ports[1]}` });
    const readOnly = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';
    const { exitCode, stdout, stderr } = await run(
      ["unshare", "--mount", "sh", "-c", readOnly, engine.folder, ...running.stack.upCommand],
      { cwd: projectFolder, env: running.stack.session.env },
    );
    expect(exitCode).not.toBe(0);
    expect({ text: engine.readDaemonJson(), run: await readShopRun() }).toStrictEqual(before);
    recordFault({
      fault: "daemon.json on a read-only file system",
      sees: quote(stdout + stderr, /read-only/i),
      kept: "daemon.json, the engine and its containers; nothing was restarted",
    });
  });

  /** Whether the engine answers within the time that a restart takes. */
  async function comesBack(): Promise<boolean> {
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline) {
      if ((await pingEngine(engine.location)) === undefined) return true;
      await sleep(250);
    }
    return false;
  }

  it("whose setting changes when `up` is killed has a whole daemon.json at every moment", async () => {
    const { stack } = running;
    const random = seededRandom("SIGKILL while the engine's setting changes");
    const watch = watchJson(engine.daemonJsonPath);
    let kills = 0;
    try {
      for (const victim of ["all processes", "command line", "all processes"] as const) {
        metricsPort = ports[metricsPort === ports[0] ? 3 : 0]!;
        write();
        const afterSeconds = 3 + random() * 4;
        if (await killUpdate(stack, { afterSeconds, victim })) kills += 1;
        console.log(`SIGKILL to ${victim} after ${afterSeconds.toFixed(2)} s`);
        await removeDeadLock(stack.session, stack.name);
        // What outlives the kill may be restarting the engine; one that stays down is started, as an init system does.
        if (!(await comesBack())) await engine.resume();
        await repairInterruptedUpdate(stack.session, stack.name);
        await stack.up();
        await expectAllUp();
      }
    } finally {
      watch.stop();
    }
    expect(watch.seen.broken).toStrictEqual([]);
    expect(watch.seen.texts).toBeGreaterThan(2);
    await running.expectNothingToDo();
    recordFault({
      fault: "`up` killed while the engine's setting changes",
      sees: `the next \`up\` finishes it (${kills} kills)`,
      kept: `daemon.json whole at each of ${watch.seen.looks} looks, through ${watch.seen.texts} contents`,
    });
  });

  it("whose disk is full keeps what runs, and goes on when there is room", async () => {
    const samples = await readSamples();
    const runBefore = await readShopRun();
    const ballast = join(disk, "ballast");
    fill(ballast);
    let output: string;
    try {
      write({}, { replicas: 2, environment: { COLOUR: "green" } });
      output = await running.stack.failToUp();
      expect(explainCause(output)).toContain("The disk is full");
      expect(await running.askShop()).toContain("tiny_answers_total");
      expect(await readShopRun()).toBe(runBefore);
    } finally {
      rmSync(ballast, { force: true });
    }
    await removeDeadLock(running.stack.session, running.stack.name);
    await repairInterruptedUpdate(running.stack.session, running.stack.name);
    await running.stack.up();
    await expectAllUp();
    await running.prometheus.waitForTargets("till", 2);
    await expectKept(samples);
    expect(await readShopRun()).toBe(runBefore);
    await running.expectNothingToDo();
    recordFault({
      fault: "a full disk",
      sees: `${quote(output, /no space left on device/i).slice(0, 200)} … ${explainCause(output)!}`,
      kept: `every container that ran; all ${samples.length} samples from before; the next \`up\` goes on`,
    });
  });
}

/** A stack keeps what belongs to its engine among the host's own files. */
function removeHostFiles(location: EngineLocation): void {
  const suffix = findFileSuffix(location);
  if (suffix === "") throw new Error("these would be the files of the machine's own engine");
  const { stateFolder, logPath } = buildEngineLocation();
  for (const path of [
    join(stateFolder, `backups${suffix}`),
    join(stateFolder, `engine-start${suffix}.json`),
    join(dirname(logPath), `dockerd${suffix}.log`),
  ]) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** The provider builds images on the engine that the environment names, whatever engine the stack is for. */
function withImage({ build: _, ...app }: AppSettingsInput): AppSettingsInput {
  return { ...app, image: builtImage };
}

/** Leaves no room on a file's disk. */
function fill(path: string): void {
  const { status } = spawnSync("dd", ["if=/dev/zero", `of=${path}`, "bs=64k"], { stdio: "ignore" });
  if (status === 0) throw new Error("dd ended before the disk was full");
}

/** Parses a file again and again, as fast as it can. */
function watchJson(path: string) {
  const seen = { looks: 0, texts: 0, broken: [] as string[] };
  let last: string | undefined;
  let isStopped = false;
  const look = () => {
    if (isStopped) return;
    seen.looks += 1;
    const text = existsSync(path) ? readFileSync(path, "utf8") : "(not there)";
    if (text !== last) seen.texts += 1;
    last = text;
    try {
      JSON.parse(text);
    } catch {
      seen.broken.push(text);
    }
    setTimeout(look, 1);
  };
  look();
  return { seen, stop: () => (isStopped = true) };
}
