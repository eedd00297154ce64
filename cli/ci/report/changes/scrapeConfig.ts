import { parse } from "yaml";
import { asText, asValues } from "../plan";
import type { Values } from "../preview";
import { join, list, say, type Words } from "../words";

/** What changes between two texts of `prometheus.yml`, job by job. */
export function describeScrapeConfig(before: string, after: string): Words[] {
  const was = readConfig(before);
  const now = readConfig(after);
  const jobs = [...new Set([...was.jobs.keys(), ...now.jobs.keys()])].sort();
  const lines = jobs.flatMap((name) => describeJob(name, was, now));
  const globals = findDifferingKeys(was.global, now.global).filter((key) => !inherited.has(key));
  const isIntervalOnly = lines.length === 0 && globals.length === 0 && before !== after;
  return [
    ...lines,
    ...(globals.length === 0 ? [] : [say`global settings ${list(globals)} change`]),
    ...(isIntervalOnly ? [["its configuration changes"]] : []),
  ];
}

/** What changes between two texts of the rule file, by the rules' names. */
export function describeRules(before: string, after: string): Words[] {
  const was = readRules(before);
  const now = readRules(after);
  const added = [...now.keys()].filter((name) => !was.has(name));
  const gone = [...was.keys()].filter((name) => !now.has(name));
  const changed = [...now].filter(([name, rule]) => was.has(name) && was.get(name) !== rule);
  return [
    { verb: "new", names: added },
    { verb: "gone", names: gone },
    { verb: "changed", names: changed.map(([name]) => name) },
  ].flatMap(({ verb, names }) =>
    names.length === 0
      ? []
      : [say`${[names.length === 1 ? "rule" : "rules"]} ${list(names)} ${[verb]}`],
  );
}

/** Every job that has none of its own takes them from the global ones. */
const inherited = new Set(["scrape_interval", "scrape_timeout", "evaluation_interval"]);

interface Config {
  readonly global: Values;
  readonly jobs: ReadonlyMap<string, Values>;
}

function readConfig(text: string): Config {
  const { global, scrape_configs: jobs } = asValues(tryParse(text));
  const found = Array.isArray(jobs) ? jobs.map(asValues) : [];
  return {
    global: asValues(global),
    jobs: new Map(found.map((job) => [asText(job["job_name"]), job])),
  };
}

function describeJob(name: string, was: Config, now: Config): Words[] {
  const before = was.jobs.get(name);
  const after = now.jobs.get(name);
  if (before === undefined) return [say`job ${name} is new`];
  if (after === undefined)
    return [say`job ${name} goes, its series stay until the retention is over`];
  const oldInterval = intervalOf(before, was.global);
  const newInterval = intervalOf(after, now.global);
  // The timeout and the refresh of names follow the interval.
  const following = new Set([...inherited, "dns_sd_configs"]);
  const others = findDifferingKeys(before, after).filter(
    (key) => !inherited.has(key) && (oldInterval === newInterval || !following.has(key)),
  );
  const parts = [
    ...(oldInterval === newInterval ? [] : [say`interval ${[oldInterval]} → ${[newInterval]}`]),
    ...(others.length === 0
      ? []
      : [say`${list(others)} ${[others.length === 1 ? "changes" : "change"]}`]),
  ];
  return parts.length === 0 ? [] : [say`job ${name} ${join(parts, ", ")}`];
}

function intervalOf(job: Values, global: Values): string {
  const text = asText(job["scrape_interval"]) || asText(global["scrape_interval"]);
  return /^[\w.]{1,20}$/.test(text) ? text : "?";
}

function findDifferingKeys(before: Values, after: Values): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

function readRules(text: string): Map<string, string> {
  const { groups } = asValues(tryParse(text));
  const rules = (Array.isArray(groups) ? groups : []).flatMap((group: unknown) => {
    const { rules } = asValues(group);
    return Array.isArray(rules) ? rules.map(asValues) : [];
  });
  const byName = new Map<string, string>();
  // Several rules may bear one name: they count as one that changes when any of them does.
  for (const rule of rules) {
    const name = asText(rule["alert"]) || asText(rule["record"]);
    byName.set(name, (byName.get(name) ?? "") + JSON.stringify(rule));
  }
  return byName;
}

/** A file on the host may hold anything. */
function tryParse(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return {};
  }
}
