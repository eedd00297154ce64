import { checkContainers } from "../perOwner";
import type { Rule } from "../rule";
import { findScrapeJobs } from "../scrapeTargets";

export const appScraped: Rule = {
  name: "app-scraped",
  demand: "scrapes every app that it runs by a job",
  why: "An app without a job is invisible: no panel and no alert tells that it fails.",
  fix: "Make the job in `config/prometheus/scrapeJobs.ts` for every app that has a container.",
  find: (stack) => {
    const hosts = new Set(findScrapeJobs(stack)?.jobs.flatMap((job) => job.hosts));
    return checkContainers(stack, ({ owner, aliases }) => {
      if (!owner.isApp || aliases.some((alias) => hosts.has(alias))) return undefined;
      return {
        problem: "is scraped by no job of prometheus.yml",
        hint: `Prometheus has to scrape ${aliases.join(" or ") || "a network alias of it"}.`,
      };
    });
  },
};
