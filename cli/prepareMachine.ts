import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findConnectionProblem } from "../host/access/connectionProblem";
import { type DockerHost, isRemote, isSameEngine } from "../host/access/dockerHost";
import { wantsBoard } from "./chooseDashboards";
import { ensureCadvisorImage } from "./install/cadvisorImage";
import { detectNetwork, listOfficialProbes, type Network } from "./install/detectNetwork";
import { ensureBoard, isBoardMissing } from "./install/ensureBoard";
import { ensureEngine, planEngine, type EnginePlan } from "./install/ensureEngine";
import { ensurePulumi, findMissingPulumi, findOutdatedPulumi } from "./install/ensurePulumi";
import { planLauncher } from "./install/installLauncher";
import { pulumiHome } from "./install/pulumiHome";
import {
  ensureRegistryImages,
  findMissingRegistryImages,
  listNamedImages,
} from "./install/registryImages";
import { openPulumiSession, type PulumiSession } from "./pulumiSession";
import { rejectBrokenSettings } from "./rejectBrokenSettings";
import { SetupError } from "./setupError";
import { readStackFile, rejectMissingStackFile } from "./stackFiles";
import { readStackHost } from "./stackHost";
import type { UpOptions } from "./upOptions";
import { projectFolder } from "./versions";

export interface PreparedMachine {
  readonly session: PulumiSession;
  readonly network: Network;
  readonly stack: string;
  /** The stack's engine. */
  readonly dockerHost: DockerHost;
}

/** Makes sure of everything that a deployment needs, and says before it acts what it will change. */
export async function prepareMachine(options: UpOptions): Promise<PreparedMachine> {
  // Before anything is installed for a stack whose name is misspelt, or whose file has mistakes.
  if (options.stack !== undefined) {
    rejectMissingStackFile(options.stack);
    rejectBrokenSettings(options.stack);
  }
  const likelyHost = readStackHost(options.stack ?? "dev");
  await ensureHost(likelyHost);
  const { network, reason } = await detectNetwork(options.network, listOfficialProbes(likelyHost));
  const stack = options.stack ?? (network === "internet" ? "dev" : "offline");
  if (options.stack === undefined) rejectBrokenSettings(stack);
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
