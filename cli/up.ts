import { locatePrometheus } from "./askPrometheus";
import { locateAlertmanager } from "./alerting/openAlertmanager";
import { silenceWhile } from "./alerting/silenceWhile";
import { chooseDashboards } from "./chooseDashboards";
import { describeKilled } from "./describeKilled";
import { parseStackState } from "./doctor/parseStackState";
import { ensureStack, exportState, removeDeadLock, repairInterruptedUpdate } from "./ensureStack";
import { generateSecrets } from "./generateSecrets";
import { ensureBoard } from "./install/ensureBoard";
import { installLauncher } from "./install/installLauncher";
import { prepareMachine } from "./prepareMachine";
import { previewStack } from "./preview";
import { printSummary } from "./printSummary";
import { pulumi, type PulumiSession } from "./pulumiSession";
import { rejectLostState } from "./rejectLostState";
import { runPulumiInTerminal } from "./runPulumiInTerminal";
import { readStackFile } from "./stackFiles";
import { readStackOutputs } from "./stackOutputs";
import type { UpOptions } from "./upOptions";
import { waitForTargets } from "./waitForTargets";

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
