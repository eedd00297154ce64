import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { images } from "../../config/images";
import { startDelaySeconds } from "../../config/servers/alertmanager";
import { settingsSchema } from "../../config/settings/settings";
import { foreignTypes } from "../../resources/types";
import type { StackExport } from "../../cli/doctor/parseStackState";
import { allowTrafficWithinNetworks } from "../support/allowTraffic";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { recordFault } from "../support/recordFault";
import { runCommandLine } from "../support/runCommandLine";
import { SecondEngine } from "../support/secondEngine";
import { tiny } from "../support/shopStack";
import { skip } from "../support/skip";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

// Alerts, their patience and the receivers' are as they are by default: what is measured is what a user hears.

const upgraded = "glasshouse-e2e/prometheus:next";

if (SecondEngine.isPossible) describe("maintenance", maintain);
else skip("maintenance", "a second engine needs root and the programs dockerd and ip");

function maintain(): void {
  let engine: SecondEngine;
  let stopTraffic: (() => void) | undefined;
  let stack: TestStack;
  let prometheus: PrometheusApi;
  let ports: readonly number[];
  const network = networkSettings();
  const defaults = settingsSchema.parse({ apps: [] });

  function imagesOf(setting: object): string[] {
    const { image } = setting as { image?: string };
    return image === undefined ? [] : [image];
  }

  function write(prometheusImage: object = {}): void {
    stack.write({
      host: { uri: engine.dockerHost },
      network: { subnet: engine.subnet },
      engineMetrics: { mode: "off" },
      builds: network.builds,
      dockerApi: network.dockerApi,
      exporters: network.exporters,
      discovery: {},
      apps: [
        { name: "shop", ...tiny, replicas: 2 },
        {
          name: "sink",
          build: { context: "tests/support/apps/sink" },
          memoryMb: 64,
          metrics: false,
        },
      ],
      prometheus: { ...network.prometheus, publishPort: ports[0], ...prometheusImage },
      grafana: { deploy: "never" },
      alertmanager: {
        ...network.alertmanager,
        publishPort: ports[1],
        receivers: [{ name: "team", webhook: { url: { config: "hook" } } }],
      },
    });
  }

  beforeAll(async () => {
    ports = await findFreePorts(2);
    engine = await SecondEngine.start();
    stopTraffic = allowTrafficWithinNetworks();
    const { builds, prometheus: own, alertmanager, dockerApi } = network;
    const { node, cadvisor } = defaults.exporters;
    const exporters = { node, cadvisor, ...network.exporters };
    await engine.loadImage(
      (builds as { baseImage?: string }).baseImage ?? images.base,
      ...imagesOf({ ...defaults.prometheus, ...own }),
      ...imagesOf({ ...defaults.alertmanager, ...alertmanager }),
      ...imagesOf({ ...defaults.dockerApi, ...dockerApi }),
      ...[exporters.node, exporters.cadvisor].flatMap(imagesOf),
    );
    prometheus = new PrometheusApi(`http://127.0.0.1:${ports[0]}`);
    stack = await TestStack.create("maintenance");
    await stack.setSecret("hook", "http://sink/webhook");
    write();
    await stack.up();
    await prometheus.waitForTargets("shop", 2);
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      stopTraffic?.();
      await engine.stop();
    }
  });

  const readTold = async () =>
    (await engine.docker("logs", `${stack.prefix}-sink-1`))
      .split("\n")
      .filter((line) => line.startsWith("took "));

  /** Waits until all is well, and is known to be. */
  async function waitUntilQuiet(): Promise<void> {
    await waitUntil(
      "Prometheus answers, and all targets are up",
      () => prometheus.queryNumber("count(up == 0) or vector(0)").catch(() => NaN),
      (count) => count === 0,
      180,
    );
    await prometheus.waitForFreshScrapes();
    await waitUntil(
      "no alert that waits or fires",
      // A busy machine has some that wait for half an hour.
      () => prometheus.query('ALERTS{alertname!~"Host.*|ContainerThrottled|ContainerMemory.*"}'),
      (alerts) => alerts.length === 0,
      180,
    );
  }

  /** Waits until an Alertmanager that was restarted would have told what it knows. */
  async function waitForMessages(since: number): Promise<void> {
    const { groupWaitSeconds } = defaults.alertmanager;
    const end = since + (startDelaySeconds + groupWaitSeconds) * 1000;
    await waitUntil(
      "a message that waits for more of the same",
      async () => Date.now(),
      (now) => now > end,
      300,
    );
  }

  it("that replaces every container but the receiver's is heard by nobody", async () => {
    const { deployment } = JSON.parse(await stack.pulumi("stack", "export")) as StackExport;
    const urns = (deployment.resources ?? [])
      .filter(({ type, urn }) => type === foreignTypes.container && !urn.includes("::sink"))
      .map(({ urn }) => urn);
    expect(urns.length).toBeGreaterThan(5);
    await stack.up(...urns.flatMap((urn) => ["--replace", urn]));
    await prometheus.waitForTargets("shop", 2);
    expect(await readTold()).toStrictEqual([]);
    recordFault({
      fault: "every container of a stack replaced",
      sees: "no message with alerts as they are by default",
      kept: `${urns.length} containers replaced, every target is back`,
    });
  });

  it("that upgrades Prometheus is heard by nobody", async () => {
    const [image = ""] = imagesOf({ ...defaults.prometheus, ...network.prometheus });
    const folder = mkdtempSync(join(tmpdir(), "glasshouse-upgrade-"));
    try {
      writeFileSync(join(folder, "Dockerfile"), `FROM ${image}\nLABEL glasshouse.test=next\n`);
      await engine.docker("build", "--tag", upgraded, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
    write({ image: upgraded });
    await stack.up();
    await waitUntilQuiet();
    expect(await readTold()).toStrictEqual([]);
    recordFault({
      fault: "Prometheus upgraded",
      sees: "no message with alerts as they are by default",
      kept: "every target is back",
    });
  });

  it("that restarts the engine is heard by nobody", async () => {
    await engine.restart();
    const restartedAt = Date.now();
    await waitUntilQuiet();
    await waitForMessages(restartedAt);
    expect(await readTold()).toStrictEqual([]);
    recordFault({
      fault: "the engine restarted where people are told",
      sees: "no message with alerts as they are by default",
      kept: "every target is back",
    });
  });

  it("is heard of where something is wrong", async () => {
    const taken = await runCommandLine(stack, "alert:test", {}, "--receiver", "team");
    expect(taken).toMatchObject({ exitCode: 0 });
    expect(await readTold()).toContain("took /webhook");
  });
}
