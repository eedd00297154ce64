import { dockerJobName } from "../../config/prometheus/scrapeJobs";
import type { Rule, Violation } from "../rule";
import { findScrapeJobs } from "../scrapeTargets";
import { listContainers } from "../stackFacts";

/** Prometheus itself. */
const ownHosts = new Set(["localhost", "127.0.0.1"]);

export const jobDeployed: Rule = {
  name: "job-deployed",
  demand: "deploys what its jobs scrape",
  why: "A job without an app is down for ever, and its alert hides those that mean something.",
  fix: "Remove the job, or deploy the app that it scrapes.",
  find: (stack) => {
    const config = findScrapeJobs(stack);
    const deployed = new Set(listContainers(stack).flatMap(({ aliases }) => aliases));
    return (config?.jobs ?? []).flatMap(({ name, hosts }): Violation[] => {
      // The engine's metrics come from the host, not from a container.
      if (name === dockerJobName) return [];
      const missing = hosts.filter((host) => !ownHosts.has(host) && !deployed.has(host));
      if (hosts.length > 0 && missing.length === 0) return [];
      return [
        {
          resource: name,
          urn: config?.resource.urn ?? "",
          problem: `is a job that scrapes ${missing.join(", ") || "nothing"}, which the stack does not deploy`,
          hint: "Deploy an app with that alias, or remove the job.",
        },
      ];
    });
  },
};
