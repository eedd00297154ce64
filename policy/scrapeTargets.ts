import { parse } from "yaml";
import {
  listVolumeFiles,
  recordOf,
  type ResourceFacts,
  type StackFacts,
  textOf,
} from "./stackFacts";

export interface JobFacts {
  readonly name: string;
  /** Host names that it scrapes, without ports. */
  readonly hosts: readonly string[];
}

/** The scrape jobs of the `prometheus.yml` that the stack deploys; `undefined` where it deploys none. */
export function findScrapeJobs(
  stack: StackFacts,
): { readonly resource: ResourceFacts; readonly jobs: readonly JobFacts[] } | undefined {
  for (const { resource, files } of listVolumeFiles(stack)) {
    const text = new Map(files).get("prometheus.yml");
    if (text === undefined) continue;
    const jobs = listOf(recordOf(parse(text))["scrape_configs"]).map((job) => ({
      name: textOf(job["job_name"]),
      hosts: [
        ...listOf(job["static_configs"]).flatMap(({ targets }) =>
          namesOf(targets).map(withoutPort),
        ),
        ...listOf(job["dns_sd_configs"]).flatMap(({ names }) => namesOf(names)),
      ],
    }));
    return { resource, jobs };
  }
  return undefined;
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function withoutPort(target: string): string {
  return target.replace(/:\d+$/, "");
}
