import { servers } from "../servers/servers";
import type { Settings } from "../settings/settings";
import { declaredTargets, scrapedApps } from "./scrapedApps";
import { dockerJobName, isRelayed } from "../servers/engineRelay";

/** The jobs that have a target on each node of a Swarm. */
export function listNodeJobs(settings: Settings): string[] {
  return servers
    .flatMap((server) => server.jobs(settings))
    .flatMap(({ job, onEachNode }) => (onEachNode === undefined ? [] : [job.job_name]));
}

/**
 * How many targets each scrape job has when all is well, by job; apps that share a job are added up. Of one that has a target on each
 * node, one at least.
 */
export function countTargets(settings: Settings): Record<string, number> {
  const counts: Record<string, number> = {};
  const add = (job: string, targets: number) => (counts[job] = (counts[job] ?? 0) + targets);
  for (const { job, targets } of servers.flatMap((server) => server.jobs(settings))) {
    add(job.job_name, targets);
  }
  if (settings.engineMetrics.mode !== "off" && !isRelayed(settings)) add(dockerJobName, 1);
  for (const app of scrapedApps(settings.apps)) add(app.jobName, declaredTargets(app));
  return counts;
}

/** What `npm run up` waits for, as outputs of the stack. */
export function buildTargetOutputs(settings: Settings): {
  readonly scrapeTargets: Readonly<Record<string, number>>;
  readonly jobsOnNodes?: readonly string[];
} {
  const jobsOnNodes = listNodeJobs(settings);
  return {
    scrapeTargets: countTargets(settings),
    ...(jobsOnNodes.length > 0 && { jobsOnNodes }),
  };
}
