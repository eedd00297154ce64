import { pulumi, type PulumiSession } from "./pulumiSession";

/** The outputs of `index.ts`; what a stack leaves out is undefined. */
export interface StackOutputs {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl?: string;
  readonly grafanaUrl?: string;
  readonly boardUrl?: string;
  readonly appUrls: Readonly<Record<string, readonly string[]>>;
  readonly engineMetricsAddress?: string;
  /** How many targets each scrape job has when all is well. */
  readonly scrapeTargets: Readonly<Record<string, number>>;
  /** The jobs that have a target on each node of a Swarm, and so at least as many as `scrapeTargets` says. */
  readonly jobsOnNodes?: readonly string[];
}

export async function readStackOutputs(
  session: PulumiSession,
  stack: string,
): Promise<StackOutputs> {
  return JSON.parse(
    await pulumi(session, "stack", "output", "--json", "--stack", stack),
  ) as StackOutputs;
}
