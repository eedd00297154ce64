import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { detectNetwork, type Network } from "./detectNetwork";
import { ensureEngine, planEngine, type EnginePlan } from "./ensureEngine";
import { ensurePulumi, findMissingPulumi } from "./ensurePulumi";
import { ensureStack, removeDeadLock, repairInterruptedUpdate } from "./ensureStack";
import { installLauncher, planLauncher } from "./installLauncher";
import { printSummary } from "./printSummary";
import { runPulumiInTerminal } from "./runPulumiInTerminal";
import { openPulumiSession, type PulumiSession } from "./pulumiSession";
import { ensureRegistryImages, findMissingRegistryImages } from "./registryImages";
import { readExpectedTargets, readStackOutputs } from "./stackOutputs";
import { projectFolder } from "./versions";
import { waitForTargets } from "./waitForTargets";

export interface UpOptions {
  /** The stack; default: `dev` on the internet, `offline` where only package registries are reached. */
  readonly stack: string | undefined;
  /** The network, instead of finding it out. */
  readonly network: Network | undefined;
  /** Where Pulumi's downloads come from. */
  readonly pulumiDownloads: string | undefined;
}

export interface PreparedMachine {
  readonly session: PulumiSession;
  readonly network: Network;
  readonly stack: string;
}

/** From whatever machine this is to a live stack. */
export async function up(options: UpOptions): Promise<void> {
  const { session, stack } = await prepareMachine(options);
  await ensureStack(session, stack);
  await removeDeadLock(session, stack);
  await repairInterruptedUpdate(session, stack);
  const shellHint = installLauncher(session);

  console.log(`\nDeploying the stack ${stack} (pulumi up)`);
  await runPulumiInTerminal(session, "up", stack);
  const outputs = await readStackOutputs(session, stack);
  const targets = await waitForTargets(
    outputs.prometheusUrl,
    await readExpectedTargets(stack, outputs),
  );
  printSummary({ stack, outputs, targets, shellHint });
}

/** Makes sure of everything that a deployment needs, and says before it acts what it will change. */
export async function prepareMachine(options: UpOptions): Promise<PreparedMachine> {
  const { network, reason } = await detectNetwork(options.network);
  const stack = options.stack ?? (network === "internet" ? "dev" : "offline");
  console.log(
    `Network: ${network === "internet" ? "internet" : "package registries only"} (${reason}). Stack: ${stack}.`,
  );

  const engine = await planEngine();
  const missingImages =
    network === "registries" && engine === "answers" ? await findMissingRegistryImages() : [];
  announce(listChanges({ engine, network, missingImages }));

  await ensureEngine(engine);
  if (network === "registries") await ensureRegistryImages();
  const program = await ensurePulumi({ network, pulumiDownloads: options.pulumiDownloads });
  mkdirSync(join(projectFolder, ".glasshouse"), { recursive: true });
  return { session: openPulumiSession(program), network, stack };
}

interface Findings {
  readonly engine: EnginePlan;
  readonly network: Network;
  readonly missingImages: readonly string[];
}

function listChanges({ engine, network, missingImages }: Findings): string[] {
  const missingPulumi = findMissingPulumi();
  const launcher = planLauncher();
  return [
    ...(engine === "install" ? ["packages: docker.io and iptables, from the distribution"] : []),
    ...(engine === "answers" ? [] : ["the Docker Engine is started"]),
    ...(network === "registries" && engine !== "answers"
      ? ["package: debootstrap; images of Debian and Prometheus made from packages"]
      : []),
    ...(missingImages.length > 0 ? [`images made from packages: ${missingImages.join(", ")}`] : []),
    ...(missingPulumi.length > 0
      ? [
          `${missingPulumi.join(", ")}: ${network === "internet" ? "downloaded" : "built from Go modules"} into ~/.pulumi`,
        ]
      : []),
    ...(launcher !== undefined && missingPulumi.length > 0
      ? [`a \`pulumi\` command at ${launcher}`]
      : []),
  ];
}

function announce(changes: readonly string[]): void {
  if (changes.length === 0) return;
  console.log("This changes on your machine, once:");
  for (const change of changes) console.log(`  • ${change}`);
  console.log(
    "Then `pulumi up` shows what the stack itself changes, the engine's daemon.json among it.",
  );
}
