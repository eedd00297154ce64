import { mkdtempSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem, release, type as systemType } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { images } from "../config/images";
import { sampleApps } from "../config/samples";
import { localDockerHost } from "../host/access/dockerHost";
import { connectDocker } from "../host/docker/connectDocker";
import { withInterruption } from "../cli/backup/interruption";
import { registryImages } from "../cli/install/registryImages";
import { prepareMachine } from "../cli/prepareMachine";
import type { UpOptions } from "../cli/upOptions";
import type { BenchOptions } from "./benchOptions";
import { BenchStack } from "./benchStack";
import { removeByName, removeFolder } from "./cleanUp";
import { findFreePorts } from "./findFreePorts";
import { openPeers, type OpenedPeers } from "./peers/openPeers";
import { prepareSampleApps } from "./sampleImages";
import type { PeerId, Scenario } from "./peers/peer";
import { buildScenarioSettings, planScenario, type ScenarioId } from "./scenarios";
import { sequencesOf } from "./rows/rows";
import { sequences } from "./rows/sequences";
import type { BenchResult } from "./report/benchResult";
import { keepResult, readKept, writeIntoDocument } from "./report/keepResult";
import { renderGoals } from "./report/renderGoals";
import { renderReport } from "./report/renderReport";
import { type MeasuredRounds, runRounds } from "./runRounds";
import { traceStack } from "./trace/traceStack";
import type { Workplace } from "./workplace";

/**
 * Measures Glasshouse against what people would use instead; see docs/benchmarks.md. Whatever a run has made on the host
 * goes with it, also after Ctrl-C.
 */
export async function bench(machine: UpOptions, options: BenchOptions): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0;
  const { session, network } = await prepareMachine(machine);
  const isOffline = network === "registries";
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-bench-"));
  await withInterruption(async (signal) => {
    const stack = await BenchStack.create(`bench-${process.pid}`, folder, session, signal);
    try {
      const docker = await connectDocker(localDockerHost);
      const [prometheusPort = 0, pagePort = 0, ...appPorts] = await findFreePorts(5);
      const baseImage = isOffline ? registryImages.base : images.base;
      const basis = {
        baseImage,
        prometheusImage: isOffline ? registryImages.prometheus : undefined,
        ports: [prometheusPort, ...appPorts] as const,
      };
      const needs = listNeeds(options);
      // Building these takes minutes on a machine that never did.
      const apps = needs.includes("chapter") ? await prepareSampleApps(baseImage) : [];
      const settings = buildScenarioSettings({ ...basis, apps });
      const scenarios = new Map<ScenarioId, Scenario>();
      if (needs.length > 0)
        console.log("Asking the program what it declares, for all tools to deploy the same");
      for (const id of needs) scenarios.set(id, await planScenario(stack, docker, settings[id]));
      const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
      const builtSettings = buildScenarioSettings({ ...basis, apps: sampleApps }).chapter;
      const made = (image: string) => (isOffline ? { image } : {});
      const watching = {
        exporters: {
          node: made(registryImages.nodeExporter),
          cadvisor: made(registryImages.cadvisor),
        },
        dockerApi: made(registryImages.haproxy),
        discovery: {},
      };
      const pageSettings = {
        ...builtSettings,
        ...watching,
        dashboards: "board",
        board: { ...(isOffline && { baseImage: registryImages.caddy }), publishPort: pagePort },
      };
      const workplace = {
        ...{ stack, docker, scenarios, builtSettings, pageSettings },
        watchedSettings: {
          ...settings.replicas50,
          ...watching,
          prometheus: { ...settings.replicas50.prometheus, scrapeIntervalSeconds: undefined },
        },
        pageUrl: `http://127.0.0.1:${pagePort}`,
        ...{ prometheusUrl, folder, signal },
        networkFlags: machine.network === undefined ? [] : ["--network", machine.network],
      };
      if (options.trace) await keepTrace(workplace);
      else await measureAll(workplace, options, loadBefore);
    } finally {
      stack.removeFile();
      await removeByName(stack.prefix);
      removeFolder(folder);
    }
  });
}

function listNeeds({ trace, rows }: BenchOptions): readonly ScenarioId[] {
  if (trace) return ["chapter"];
  return sequencesOf(rows).flatMap((id) =>
    id in sequences ? sequences[id as keyof typeof sequences].needs : [],
  );
}

/** Nobody has to set up a tool for rows that it has no part in. */
function listPeers({ peers, rows }: BenchOptions): readonly PeerId[] {
  const isShared = sequencesOf(rows).some((id) => id in sequences);
  return isShared ? peers : peers.filter((id) => id === "glasshouse");
}

async function keepTrace(workplace: Workplace): Promise<void> {
  writeIntoDocument("trace", await traceStack(workplace));
  console.log("The picture is in docs/benchmarks.md.");
}

async function measureAll(
  workplace: Workplace,
  options: BenchOptions,
  loadBefore: number,
): Promise<void> {
  const { stack, docker, folder, signal } = workplace;
  const opened = await openPeers(listPeers(options), stack, folder, signal);
  const { rows, failed, upPhases } = await runRounds(workplace, opened.peers, options);
  const result: BenchResult = {
    version: 1,
    date: new Date().toISOString(),
    rounds: options.rounds,
    machine: await describeMachine(docker, loadBefore),
    peers: describePeers(opened, failed),
    rows,
    ...(upPhases && { upPhases }),
  };
  const report = renderReport(result, readKept());
  console.log(`\n${report}\n\n${renderGoals(result)}\n`);
  if (options.isWhole) keepResult(result, report);
  else console.log("A run of a part is not kept.");
}

function describePeers(
  { peers, missing }: OpenedPeers,
  failed: MeasuredRounds["failed"],
): BenchResult["peers"] {
  return Object.fromEntries([
    ...peers.map(({ id, title, isSlow }) => [
      id,
      { title, ...(isSlow && { isSlow }), ...(failed[id] && { failed: failed[id] }) },
    ]),
    ...Object.entries(missing).map(([id, reason]) => [id, { missing: reason }]),
  ]) as BenchResult["peers"];
}

async function describeMachine(
  docker: Docker,
  loadBefore: number,
): Promise<BenchResult["machine"]> {
  return {
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${systemType()} ${release()}`,
    node: process.versions.node,
    engine: (await docker.version()).Version,
    loadBefore,
  };
}
