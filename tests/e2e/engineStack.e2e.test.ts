import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLedgerFile } from "../../host/daemon/ledgerFile";
import { findFileSuffix, locateEngine } from "../../host/daemon/engineLocation";
import { describeOnSecondEngine } from "../support/describeOnSecondEngine";
import { docker } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { SecondEngine } from "../support/secondEngine";
import { tiny } from "../support/shopStack";
import { readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

const { base: baseImage, prometheus: prometheusImage } = readTestImages();

interface Target {
  readonly labels: { readonly job: string };
  readonly health: string;
}

describeOnSecondEngine("a stack on an engine that its settings alone describe", () => {
  let engine: SecondEngine;
  let stack: TestStack;
  let ports: { prometheus: number; app: number; first: number; second: number };

  beforeAll(async () => {
    const [prometheus = 0, app = 0, first = 0, second = 0] = await findFreePorts(4);
    ports = { prometheus, app, first, second };
    engine = await SecondEngine.start();
    await engine.loadImage(baseImage, prometheusImage);
    stack = await TestStack.create("engine");
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      await engine.stop();
      // What is kept in the machine's own folders for an engine of this path.
      const { logPath, stateFolder } = locate();
      const suffix = findFileSuffix(locate());
      const ours = [`backups${suffix}`, `engine-start${suffix}.json`];
      for (const path of [logPath, ...ours.map((name) => join(stateFolder, name))]) {
        rmSync(path, { recursive: true, force: true });
      }
    }
  });

  const locate = () =>
    locateEngine({
      dockerHost: { uri: engine.dockerHost },
      daemonJson: engine.daemonJsonPath,
      restart: "auto",
      restartCommand: [],
    });
  const write = (engineMetrics: object): void =>
    stack.write({
      host: { uri: engine.dockerHost },
      engineMetrics: { daemonJson: engine.daemonJsonPath, ...engineMetrics },
      builds: { baseImage },
      apps: [{ name: "tiny", ...tiny, publishPort: ports.app }],
      prometheus: {
        image: prometheusImage,
        publishPort: ports.prometheus,
        scrapeIntervalSeconds: 1,
      },
      grafana: { deploy: "never" },
    });
  const writeManaged = (port: number): void =>
    write({ mode: "managed", address: `${engine.gateway}:${port}` });
  const preview = (): Promise<string> =>
    stack.pulumi("preview", "--non-interactive", "--color", "never");
  const readRuns = async (): Promise<Record<string, string>> => {
    const names = (await engine.docker("ps", "--format", "{{.Names}}")).split("\n").sort();
    const format = "{{.State.StartedAt}} {{.State.Pid}}";
    const runs = await engine.docker("inspect", "--format", format, ...names);
    return Object.fromEntries(runs.split("\n").map((run, index) => [names[index] ?? "", run]));
  };
  const readHealth = async (): Promise<Record<string, string>> => {
    const url = `http://127.0.0.1:${ports.prometheus}/api/v1/targets?state=active`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (answer?.ok !== true) return {};
    const { data } = (await answer.json()) as { data: { activeTargets: Target[] } };
    return Object.fromEntries(data.activeTargets.map(({ labels, health }) => [labels.job, health]));
  };
  // The app itself is asked from outside: the machine's own engine may forbid traffic between another one's containers.
  const waitForAnswers = async (job: "docker" | "prometheus") => {
    await waitUntil("Prometheus scrapes", readHealth, (seen) => seen[job] === "up");
    const url = `http://127.0.0.1:${ports.app}/`;
    const ask = () => fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await waitUntil("the app answers", ask, (answer) => answer?.ok === true);
  };
  const readClaims = async (): Promise<unknown> => {
    const { ledger } = await readLedgerFile(locate());
    return ledger.files[engine.daemonJsonPath];
  };

  it("scrapes that engine after the first up, which says that no containers run", async () => {
    writeManaged(ports.first);
    expect(await preview()).toContain("The Docker Engine restarts; no containers run on it.");
    expect(engine.readDaemonJson()).toBe(engine.originalText);
    await stack.up();
    // Built where the stack is deployed, and not on the engine that the environment or Docker's default names.
    const ofApp = ["image", "ls", "--quiet", `${stack.prefix}/tiny`] as const;
    expect(await engine.docker(...ofApp)).not.toBe("");
    expect(await docker(...ofApp)).toBe("");
    expect(Object.keys(await readRuns())).toStrictEqual([
      `${stack.prefix}-prometheus`,
      `${stack.prefix}-tiny-1`,
    ]);
    await waitForAnswers("docker");
  });

  it("keeps the app running when the address changes, and says so before", async () => {
    const before = await readRuns();
    writeManaged(ports.second);
    const sentence =
      "The Docker Engine restarts; its 2 containers keep running (live-restore, for the time of the restart).";
    const shown = await preview();
    expect(shown).toContain(sentence);
    expect(shown).toContain(`+  "metrics-addr": "${engine.gateway}:${ports.second}"`);
    expect(await stack.up()).toContain(sentence);
    expect(await readRuns()).toStrictEqual(before);
    expect(engine.readDaemonJson()).not.toMatch(/live-restore|host-gateway/);
    await waitForAnswers("docker");
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });

  it("puts its own key right that someone edited in daemon.json, and keeps the app running", async () => {
    const before = await readRuns();
    const text = engine.readDaemonJson();
    writeFileSync(engine.daemonJsonPath, text.replace(`:${ports.second}"`, `:${ports.first}"`));
    const flags = ["--expect-no-changes", "--non-interactive"];
    expect((await stack.tryPulumi("refresh", "--preview-only", ...flags)).exitCode).not.toBe(0);
    expect((await stack.tryPulumi("preview", ...flags)).exitCode).not.toBe(0);
    await stack.up();
    expect(engine.readDaemonJson()).toBe(text);
    expect(await readRuns()).toStrictEqual(before);
    await stack.pulumi("preview", ...flags);
    await waitForAnswers("docker");
  });

  it("keeps the app running when the engine's metrics are switched off, and says so before", async () => {
    const before = await readRuns();
    write({ mode: "off" });
    const shown = await preview();
    expect(shown).toContain("The host's settings go back to what they were:");
    expect(shown).toContain("its 2 containers keep running");
    await stack.up();
    expect(engine.readDaemonJson()).toBe(engine.originalText);
    expect(await readRuns()).toStrictEqual(before);
    await waitForAnswers("prometheus");
    expect(await readHealth()).not.toHaveProperty("docker");
    expect(await readClaims()).toBeUndefined();
  });

  it("gives daemon.json back byte for byte when it is destroyed, and says what happens", async () => {
    writeManaged(ports.first);
    await stack.up();
    expect(engine.readDaemonJson()).not.toBe(engine.originalText);
    const said = await stack.pulumi("destroy", "--yes", "--skip-preview", "--non-interactive");
    expect(said).toContain("The Docker Engine restarts;");
    expect(engine.readDaemonJson()).toBe(engine.originalText);
    expect(await readClaims()).toBeUndefined();
    expect(await engine.docker("ps", "--all", "--quiet")).toBe("");
  });
});
