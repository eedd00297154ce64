import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findConnectionProblem } from "../host/access/connectionProblem";
import { type DockerHost, isRemote, isSameEngine } from "../host/access/dockerHost";
import { locatePrometheus } from "./askPrometheus";
import { locateAlertmanager } from "./alerting/openAlertmanager";
import { silenceWhile } from "./alerting/silenceWhile";
import { detectNetwork, listOfficialProbes, type Network } from "./install/detectNetwork";
import { ensureEngine, planEngine, type EnginePlan } from "./install/ensureEngine";
import { ensurePulumi, findMissingPulumi, findOutdatedPulumi } from "./install/ensurePulumi";
import { chooseDashboards, wantsBoard } from "./chooseDashboards";
import { describeKilled } from "./describeKilled";
import { parseStackState } from "./doctor/parseStackState";
import { ensureStack, exportState, removeDeadLock, repairInterruptedUpdate } from "./ensureStack";
import { installLauncher, planLauncher } from "./install/installLauncher";
import { generateSecrets } from "./generateSecrets";
import { previewStack } from "./preview";
import { printSummary } from "./printSummary";
import { runPulumiInTerminal } from "./runPulumiInTerminal";
import { pulumiHome } from "./install/pulumiHome";
import { openPulumiSession, pulumi, type PulumiSession } from "./pulumiSession";
import { ensureBoard, isBoardMissing } from "./install/ensureBoard";
import { ensureCadvisorImage } from "./install/cadvisorImage";
import {
  ensureRegistryImages,
  findMissingRegistryImages,
  listNamedImages,
} from "./install/registryImages";
import { rejectLostState } from "./rejectLostState";
import { SetupError } from "./setupError";
import { readStackFile, rejectMissingStackFile } from "./stackFiles";
import { readStackHost } from "./stackHost";
import { readStackOutputs } from "./stackOutputs";
import type { UpOptions } from "./upOptions";
import { projectFolder } from "./versions";
import { waitForTargets } from "./waitForTargets";

export interface PreparedMachine {
  readonly session: PulumiSession;
  readonly network: Network;
  readonly stack: string;
  /** The stack's engine. */
  readonly dockerHost: DockerHost;
}

/** From whatever machine this is to a live stack. */
export async function up(options: UpOptions): Promise<void> {
  const { session, stack, network, dockerHost } = await prepareMachine(options);
  // First, since a stack cannot even be selected when a kill left its state cut short.
  await removeDeadLock(session, stack);
  const isNew = await ensureStack(session, stack);
  const dashboards = chooseDashboards({ isNew, network, stackFile: readStackFile(stack) });
  if (dashboards !== undefined) await recordDashboards(session, stack, dashboards);
  await repairInterruptedUpdate(session, stack);
  if (!options.adopt) await rejectLostState(session, stack);
  await generateSecrets(session, stack, dockerHost);
  const shellHint = installLauncher(session);
  if (options.policy) await previewStack(session, stack);

  console.log(`\nDeploying the stack ${stack} (pulumi up)`);
  const adopting = options.adopt ? { GLASSHOUSE_ADOPT: "true" } : {};
  const env = { ...session.env, ...adopting };
  const deploy = async (signal?: AbortSignal) => {
    const before = parseStackState(await exportState(session, stack)).containers;
    await runPulumiInTerminal({ ...session, env }, "up", stack);
    for (const line of await describeKilled(dockerHost, before)) console.log(`  ${line}`);
    const outputs = await readStackOutputs(session, stack);
    const prometheus = locatePrometheus({ stack, dockerHost, outputs });
    return {
      outputs,
      targets: await waitForTargets({
        prometheus,
        expected: outputs.scrapeTargets,
        jobsOnNodes: outputs.jobsOnNodes,
        signal,
      }),
    };
  };
  const locate = async () =>
    locateAlertmanager({ stack, dockerHost, outputs: await readStackOutputs(session, stack) });
  const { outputs, targets } = await (options.silence ? silenceWhile(locate, deploy) : deploy());
  printSummary({ stack, dockerHost, outputs, targets, shellHint });
}

/** Makes sure of everything that a deployment needs, and says before it acts what it will change. */
export async function prepareMachine(options: UpOptions): Promise<PreparedMachine> {
  // Before anything is installed for a stack whose name is misspelt.
  if (options.stack !== undefined) rejectMissingStackFile(options.stack);
  const likelyHost = readStackHost(options.stack ?? "dev");
  await ensureHost(likelyHost);
  const { network, reason } = await detectNetwork(options.network, listOfficialProbes(likelyHost));
  const stack = options.stack ?? (network === "internet" ? "dev" : "offline");
  const dockerHost = readStackHost(stack);
  if (!isSameEngine(dockerHost, likelyHost)) await ensureHost(dockerHost);
  console.log(
    `Network: ${network === "internet" ? "internet" : "package registries only"} (${reason}). Stack: ${stack}.`,
  );
  // No registry has them, so they are made here on every network.
  const images = listNamedImages(readStackFile(stack));
  announce([
    ...(await listImageChanges(images, dockerHost)),
    ...listPulumiChanges(network),
    ...listBoardChanges(stack),
  ]);
  if (images.length > 0) await ensureRegistryImages(images, dockerHost);
  const program = await ensurePulumi({ network, pulumiDownloads: options.pulumiDownloads });
  await ensureCadvisorImage(images, dockerHost);
  if (wantsBoard(readStackFile(stack))) await ensureBoard();
  mkdirSync(join(projectFolder, ".glasshouse"), { recursive: true });
  return { session: openPulumiSession(program), network, stack, dockerHost };
}

/** Makes sure of the engine of this machine; one elsewhere is its owner's to install and to start. */
export async function ensureHost(dockerHost: DockerHost): Promise<void> {
  if (isRemote(dockerHost)) {
    const problem = await findConnectionProblem(dockerHost);
    if (problem !== undefined) throw new SetupError(`${problem} Nothing was changed.`);
    return;
  }
  const engine = await planEngine();
  announce(listEngineChanges(engine));
  await ensureEngine(engine);
}

function listEngineChanges(engine: EnginePlan): string[] {
  return [
    ...(engine === "install"
      ? [
          "packages from the distribution: docker.io, iptables, and docker-cli where it is one of its own",
        ]
      : []),
    ...(engine === "answers" ? [] : ["the Docker Engine is started"]),
  ];
}

async function listImageChanges(
  images: readonly string[],
  dockerHost: DockerHost,
): Promise<string[]> {
  const missing = await findMissingRegistryImages(images, dockerHost);
  if (missing.length === 0) return [];
  return [
    `images made from packages: ${missing.join(", ")} (with the package debootstrap, if it is missing)`,
  ];
}

async function recordDashboards(
  session: PulumiSession,
  stack: string,
  dashboards: "board",
): Promise<void> {
  await pulumi(session, "config", "set", "glasshouse:dashboards", dashboards, "--stack", stack);
  console.log(
    `  Pulumi.${stack}.yaml now says glasshouse:dashboards: ${dashboards}, since Grafana's image is out of reach.`,
  );
  await ensureBoard();
}

function listBoardChanges(stack: string): string[] {
  if (!wantsBoard(readStackFile(stack)) || !isBoardMissing()) return [];
  return [
    "the dashboards page, built in board/ from npm's packages (500 MB in board/node_modules)",
  ];
}

function listPulumiChanges(network: Network): string[] {
  const missing = [...findMissingPulumi(), ...findOutdatedPulumi()];
  if (missing.length === 0) return [];
  const launcher = planLauncher();
  const how = network === "internet" ? "downloaded" : "built from Go modules";
  return [
    `${missing.join(", ")}: ${how} into ${pulumiHome}`,
    ...(launcher === undefined ? [] : [`a \`pulumi\` command at ${launcher}`]),
  ];
}

function announce(changes: readonly string[]): void {
  if (changes.length === 0) return;
  console.log("This changes on your machine now:");
  for (const change of changes) console.log(`  • ${change}`);
}
