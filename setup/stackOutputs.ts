import { pulumi, type PulumiSession } from "./pulumiSession";
import { runOrReject } from "./run";

/** The outputs of `index.ts`; what a stack leaves out is undefined. */
export interface StackOutputs {
  readonly prometheusUrl: string;
  readonly grafanaUrl?: string;
  readonly appUrls: Readonly<Record<string, readonly string[]>>;
  readonly engineMetricsAddress?: string;
}

export async function readStackOutputs(
  session: PulumiSession,
  stack: string,
): Promise<StackOutputs> {
  return JSON.parse(
    await pulumi(session, "stack", "output", "--json", "--stack", stack),
  ) as StackOutputs;
}

/** How many targets each scrape job of a deployed stack has to have, from the labels of its containers. */
export async function readExpectedTargets(
  stack: string,
  outputs: StackOutputs,
): Promise<Record<string, number>> {
  const listed = await runOrReject([
    "docker",
    "ps",
    "--all",
    "--filter",
    "label=glasshouse.project=glasshouse",
    "--filter",
    `label=glasshouse.stack=${stack}`,
    "--filter",
    "label=glasshouse.job",
    "--format",
    '{{.Label "glasshouse.job"}}',
  ]);
  const expected: Record<string, number> = { prometheus: 1 };
  if (outputs.engineMetricsAddress !== undefined) expected["docker"] = 1;
  for (const job of listed.split("\n").filter((line) => line !== ""))
    expected[job] = (expected[job] ?? 0) + 1;
  return expected;
}
