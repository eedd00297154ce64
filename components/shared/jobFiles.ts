import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { listJobFiles, targetsFolderOf } from "../../config/prometheus/externalJobs";
import type { ScrapeJobSettings } from "../../config/settings/scrapeJobSettings";

/** The texts of the files that scrape jobs name, by their path in Prometheus' configuration folder. */
export function readJobFiles(
  jobs: readonly ScrapeJobSettings[],
  secretOf: (configKey: string) => pulumi.Output<string>,
): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    jobs
      .flatMap(listJobFiles)
      .map(({ path, from }) => [
        path,
        "secret" in from ? secretOf(from.secret) : readFileSync(from.source, "utf8"),
      ]),
  );
}

/** The folders of the host that list targets, by their path in Prometheus' container. */
export function listTargetFolders(jobs: readonly ScrapeJobSettings[]): Record<string, string> {
  return Object.fromEntries(
    jobs.flatMap((job) =>
      job.targetsFolder === undefined ? [] : [[targetsFolderOf(job), job.targetsFolder]],
    ),
  );
}
