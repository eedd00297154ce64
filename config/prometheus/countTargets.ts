import { declaredTargets, deployedApps, type ObservedSettings } from "./observedSettings";
import { dockerJobName, prometheusJobName } from "./scrapeJobs";

/** How many targets each scrape job has when all is well, by job; apps that share a job are added up. */
export function countTargets(settings: ObservedSettings): Record<string, number> {
  const counts: Record<string, number> = { [prometheusJobName]: 1 };
  if (settings.engineMetrics.mode !== "off") counts[dockerJobName] = 1;
  for (const app of deployedApps(settings.apps)) {
    counts[app.jobName] = (counts[app.jobName] ?? 0) + declaredTargets(app);
  }
  return counts;
}
