import { resolve } from "node:path";
import { writeFileSync } from "node:fs";
import {
  applyDaemonSettings,
  planDaemonSettings,
  planDaemonSettingsRelease,
  releaseDaemonSettings,
} from "../../host/daemon/daemonSettings";
import { detectEngine } from "../../host/docker/detectEngine";
import type { EngineLocation } from "../../host/daemon/engineLocation";
import { describeOnSecondEngine } from "../support/describeOnSecondEngine";
import { findFreePorts } from "../support/freePorts";
import { SecondEngine } from "../support/secondEngine";
import { readTestImages } from "../support/testNetwork";
import { waitUntil } from "../support/waitUntil";

const { base: image } = readTestImages();
const server = resolve(__dirname, "../support/apps/tiny/serve.pl");
const claimant = "glasshouse/e2e";

// What a container sees of the engine's measurements, through the name that Prometheus uses.
const countMeasurements = (port: number): string => `
use IO::Socket::INET;
my $engine = IO::Socket::INET->new(PeerAddr => "host.docker.internal", PeerPort => ${port}, Timeout => 5)
  or die "host.docker.internal: $@\n";
print $engine "GET /metrics HTTP/1.0\r\n\r\n";
print scalar(grep { /^engine_daemon_/ } <$engine>);
`;

async function readMeasurementsFromNewContainer(
  engine: SecondEngine,
  port: number,
): Promise<number> {
  const asked = ["perl", "-e", countMeasurements(port)];
  const host = ["--add-host", "host.docker.internal:host-gateway"];
  return Number(await engine.docker("run", "--rm", ...host, image, ...asked));
}

/** What tells that a container was neither stopped nor started. */
const readRun = (engine: SecondEngine): Promise<string> =>
  engine.docker(
    "inspect",
    "running-app",
    "--format",
    "{{.State.Running}} {{.State.StartedAt}} {{.State.Pid}} {{.RestartCount}}",
  );

async function startApp(engine: SecondEngine, port: number): Promise<void> {
  const published = ["--publish", `127.0.0.1:${port}:80`];
  const mounted = ["--volume", `${server}:/serve.pl:ro`];
  const options = ["--detach", "--name", "running-app", ...published, ...mounted];
  await engine.docker("run", ...options, image, "perl", "/serve.pl");
}

const fetchApp = (port: number): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.text(),
    (error: unknown) => `no answer: ${String(error)}`,
  );

const waitForApp = (port: number): Promise<string> =>
  waitUntil(
    "the app answers",
    () => fetchApp(port),
    (text) => text.includes("tiny_answers_total"),
  );

async function isLiveRestoreOn(engine: SecondEngine): Promise<boolean> {
  return (await detectEngine(engine.location)).liveRestore;
}

describeOnSecondEngine("containers on an engine whose metrics setting changes", () => {
  let engine: SecondEngine;
  let location: EngineLocation;
  let ports: { app: number; first: number; second: number };
  let run: string;

  beforeAll(async () => {
    const [app = 0, first = 0, second = 0] = await findFreePorts(3);
    ports = { app, first, second };
    engine = await SecondEngine.start({
      // Neither the indentation nor the final newline that this program would write.
      render: (settings) => JSON.stringify({ "log-level": "info", ...settings }, undefined, "\t"),
    });
    location = engine.location;
    await engine.loadImage(image);
    await startApp(engine, ports.app);
    await waitForApp(ports.app);
    run = await readRun(engine);
  });

  afterAll(async () => {
    await engine.stop();
  });

  const wantedAt = (port: number) => ({ metricsAddress: `${engine.gateway}:${port}`, claimant });

  it("keep running when it is switched on, and the plan says so", async () => {
    const { containers } = await planDaemonSettings(location, wantedAt(ports.first));
    expect(containers).toMatchObject({ kind: "keep running", running: 1 });
    const { restarted } = await applyDaemonSettings(location, wantedAt(ports.first));
    expect(restarted).toBe(true);
    expect(await readRun(engine)).toBe(run);
    await waitForApp(ports.app);
    expect(await isLiveRestoreOn(engine)).toBe(false);
    const added = { "metrics-addr": `${engine.gateway}:${ports.first}`, experimental: true };
    expect(engine.readDaemonJson()).toBe(
      JSON.stringify({ ...(JSON.parse(engine.originalText) as object), ...added }, undefined, "\t"),
    );
  });

  it("reach the engine's measurements when they are made after such a restart", async () => {
    expect(await readMeasurementsFromNewContainer(engine, ports.first)).toBeGreaterThan(10);
  });

  it("keep running when it changes to another address", async () => {
    await applyDaemonSettings(location, wantedAt(ports.second));
    expect(await readRun(engine)).toBe(run);
    expect(await isLiveRestoreOn(engine)).toBe(false);
    expect(await readMeasurementsFromNewContainer(engine, ports.second)).toBeGreaterThan(10);
  });

  it("keep running when the engine does not take the new address and goes back", async () => {
    const before = engine.readDaemonJson();
    // Blinded to the pre-bind test, so that the engine itself has to fail on the address.
    const blind = Object.assign(Object.create(location.host) as typeof location.host, {
      tryListening: () => Promise.resolve(undefined),
    });
    // From the range reserved for documentation: no host has it.
    const wanted = { metricsAddress: "192.0.2.1:9323", claimant };
    await expect(applyDaemonSettings({ ...location, host: blind }, wanted)).rejects.toThrow(
      /byte for byte, and the engine answers again[^]*cannot assign requested address/,
    );
    expect(engine.readDaemonJson()).toBe(before);
    expect(await readRun(engine)).toBe(run);
    expect(await isLiveRestoreOn(engine)).toBe(false);
    expect(await readMeasurementsFromNewContainer(engine, ports.second)).toBeGreaterThan(10);
  });

  it("keep running when a second stack shares the setting and the first one leaves", async () => {
    const other = { ...wantedAt(ports.second), claimant: "glasshouse/other" };
    expect((await applyDaemonSettings(location, other)).restarted).toBe(false);
    expect((await releaseDaemonSettings(location, claimant)).restarted).toBe(false);
    expect(await readMeasurementsFromNewContainer(engine, ports.second)).toBeGreaterThan(10);
    const conflicting = { ...wantedAt(ports.first), claimant };
    await expect(applyDaemonSettings(location, conflicting)).rejects.toThrow(
      "by glasshouse/other, so glasshouse/e2e cannot have",
    );
    expect(await readRun(engine)).toBe(run);
  });

  it("keep running when the last stack leaves, and the file is as before, byte for byte", async () => {
    const plan = await planDaemonSettingsRelease(location, "glasshouse/other");
    expect(plan?.containers).toMatchObject({ kind: "keep running", running: 1 });
    await releaseDaemonSettings(location, "glasshouse/other");
    expect(engine.readDaemonJson()).toBe(engine.originalText);
    expect(await readRun(engine)).toBe(run);
    expect(await isLiveRestoreOn(engine)).toBe(false);
    await waitForApp(ports.app);
    const hosts = await engine.docker(
      "run",
      "--rm",
      "--add-host",
      "h:host-gateway",
      image,
      "cat",
      "/etc/hosts",
    );
    expect(hosts).toContain(`${engine.gateway}\th`);
  });

  it("keep running with the edits that others make meanwhile", async () => {
    await applyDaemonSettings(location, wantedAt(ports.first));
    writeFileSync(
      engine.daemonJsonPath,
      engine.readDaemonJson().replace('"log-level": "info"', '"log-level": "warn"'),
    );
    await applyDaemonSettings(location, wantedAt(ports.second));
    await releaseDaemonSettings(location, claimant);
    expect(engine.readDaemonJson()).toBe(
      engine.originalText.replace('"log-level": "info"', '"log-level": "warn"'),
    );
    expect(await readRun(engine)).toBe(run);
  });

  it("that were started with --rm go with old engines, and the plan names them", async () => {
    await engine.docker("run", "--detach", "--rm", "--name", "passing-job", image, "sleep", "3600");
    const { containers } = await planDaemonSettings(location, wantedAt(ports.first));
    await applyDaemonSettings(location, wantedAt(ports.first));
    const left = await engine.docker("ps", "--format", "{{.Names}}");
    expect(containers?.lost?.includes("passing-job") ?? false).toBe(!left.includes("passing-job"));
    expect(await readRun(engine)).toBe(run);
    await releaseDaemonSettings(location, claimant);
  });

  it("stop with keepContainers: false, and the plan says so", async () => {
    const stopping = { ...location, keepContainers: false };
    const { containers } = await planDaemonSettings(stopping, wantedAt(ports.first));
    expect(containers).toMatchObject({ kind: "stop", running: 1 });
    await applyDaemonSettings(stopping, wantedAt(ports.first));
    expect(await readRun(engine)).toMatch(/^false /);
  });
});

describeOnSecondEngine("an engine whose owner keeps live-restore on", () => {
  let engine: SecondEngine;
  let port: number;

  beforeAll(async () => {
    [port = 0] = await findFreePorts(1);
    engine = await SecondEngine.start({ settings: { "live-restore": true } });
    await engine.loadImage(image);
    await engine.docker("run", "--detach", "--name", "running-app", image, "sleep", "3600");
  });

  afterAll(async () => {
    await engine.stop();
  });

  it("knows host-gateway also after restarts of its owner's, as long as a stack needs it", async () => {
    const run = await readRun(engine);
    const wanted = { metricsAddress: `${engine.gateway}:${port}`, claimant };
    await applyDaemonSettings(engine.location, wanted);
    expect(await readMeasurementsFromNewContainer(engine, port)).toBeGreaterThan(10);
    await engine.restart();
    expect(await readMeasurementsFromNewContainer(engine, port)).toBeGreaterThan(10);
    expect((await planDaemonSettings(engine.location, wanted)).restartNeeded).toBe(false);
    await releaseDaemonSettings(engine.location, claimant);
    expect(engine.readDaemonJson()).toBe(engine.originalText);
    expect(await isLiveRestoreOn(engine)).toBe(true);
    expect(await readRun(engine)).toBe(run);
  });
});
