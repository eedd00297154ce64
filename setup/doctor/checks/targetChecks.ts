import { parse } from "yaml";
import type { Target } from "../../waitForTargets";
import type { Commands } from "../commands";
import type { HostNow, PrometheusNow } from "../facts";
import { type Finding, type Row, weights } from "../report";
import type { DeployedContainer, StackState } from "../stackState";
import { isAtWork } from "./containerChecks";

/** A scrape job as it was deployed. */
interface Job {
  readonly name: string;
  /** `host:port` of targets that are listed. */
  readonly fixed: readonly string[];
  /** DNS names behind which every address is a target. */
  readonly names: readonly string[];
}

const prometheusItself = "localhost";
const engineHost = "host.docker.internal";

/** Each scrape job: whether Prometheus has as many targets as there are containers, and scrapes them. */
export function checkTargets(
  { configs, containers, prometheusUrl }: StackState,
  host: Pick<HostNow, "containers">,
  now: PrometheusNow,
  commands: Commands,
): Row[] {
  const jobs = configs.flatMap(({ config }) => readJobs(config));
  if ("problem" in now.targets) {
    const server = containers.find(({ owner }) => owner === "prometheus");
    const isDown = server && !isAtWork(server, host.containers[server.resource]);
    const finding = {
      subject: "targets",
      problem: `Prometheus does not answer at ${prometheusUrl ?? "its address"}: ${now.targets.problem}`,
      fix: isDown
        ? "mend its container first, see above"
        : `${commands.docker} logs --tail 20 ${server?.inputs.name ?? "prometheus"}   (shows why)`,
      weight: weights.target,
    };
    return [{ subject: "targets", detail: "", findings: [finding] }];
  }
  const targets = now.targets.value;
  return jobs.map((job) => {
    const own = targets.filter((target) => target.job === job.name);
    const subject = `target ${job.name}`;
    return {
      subject,
      detail: `${own.length} of ${countExpected(job, containers)} up`,
      findings: checkJob(subject, job, own, { containers, host, commands }),
    };
  });
}

interface Surroundings {
  readonly containers: readonly DeployedContainer[];
  readonly host: Pick<HostNow, "containers">;
  readonly commands: Commands;
}

function checkJob(
  subject: string,
  job: Job,
  targets: readonly Target[],
  { containers, host, commands }: Surroundings,
): Finding[] {
  const found = (problem: string, fix: string): Finding => ({
    subject,
    problem,
    fix,
    weight: weights.target,
  });
  const expected = countExpected(job, containers);
  const broken = containersOf(job, containers).filter(
    (container) => !isAtWork(container, host.containers[container.resource]),
  );
  const cause =
    broken.length > 0
      ? `goes away with ${broken.map(({ resource }) => resource).join(", ")}, see there`
      : undefined;
  const counts =
    targets.length === expected
      ? []
      : [
          found(
            `${targets.length} of ${expected} targets found`,
            cause ??
              (targets.length < expected
                ? `wait a minute for Prometheus to ask Docker's DNS again, then ${commands.doctor}`
                : "wait a minute for Prometheus to ask Docker's DNS again; if it stays so, something else on the network answers to the same name"),
          ),
        ];
  const down = targets
    .filter(({ health }) => health !== "up")
    .map(({ url, health, lastError }) =>
      health === "unknown"
        ? found(
            `${url} was not scraped yet`,
            `wait for one scrape interval, then ${commands.doctor}`,
          )
        : found(
            `${url} is down: ${explainScrapeError(lastError)}`,
            cause ?? adviseOnScrapeError(lastError, job, containers, commands),
          ),
    );
  return [...counts, ...down];
}

/** Jobs of a scrape config, as far as their targets are concerned. */
function readJobs(config: string): Job[] {
  const { scrape_configs: jobs } = parse(config) as {
    scrape_configs?: {
      job_name: string;
      static_configs?: { targets: string[] }[];
      dns_sd_configs?: { names: string[] }[];
    }[];
  };
  return (jobs ?? []).map((job) => ({
    name: job.job_name,
    fixed: (job.static_configs ?? []).flatMap(({ targets }) => targets),
    names: (job.dns_sd_configs ?? []).flatMap(({ names }) => names),
  }));
}

function countExpected(job: Job, containers: readonly DeployedContainer[]): number {
  return job.fixed.length + job.names.flatMap((name) => behindAlias(name, containers)).length;
}

function containersOf(job: Job, containers: readonly DeployedContainer[]): DeployedContainer[] {
  const hosts = job.fixed.map((target) => target.replace(/:\d+$/, ""));
  return [...hosts, ...job.names].flatMap((name) => behindAlias(name, containers));
}

function behindAlias(alias: string, containers: readonly DeployedContainer[]): DeployedContainer[] {
  return containers.filter(({ inputs }) =>
    inputs.networksAdvanced?.some(({ aliases }) => aliases?.includes(alias)),
  );
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [/connection refused/, "nothing listens on that port"],
  [/context deadline exceeded|i\/o timeout|Client\.Timeout/, "it did not answer in time"],
  [/no such host|server misbehaving/, "its name is not known on the network"],
  [/no route to host|network is unreachable/, "no way leads to that address"],
  [/HTTP status 404/, "there is no page of that path (404)"],
  [/HTTP status 40[13]/, "it wants a log-in"],
  [/HTTP status (5\d\d)/, "it answers with an error of its own"],
  [
    /Content-Type|expected .* got|invalid (metric|UTF-8)|strconv|unexpected end of input/i,
    "what it answers are no metrics",
  ],
  [/EOF|connection reset/, "it closed the connection without an answer"],
];

/** Prometheus' words for a failed scrape, in plain ones where they are known. */
function explainScrapeError(lastError: string): string {
  const reason = reasons.find(([pattern]) => pattern.test(lastError))?.[1];
  return reason === undefined ? lastError || "for an unknown reason" : `${reason} (${lastError})`;
}

function adviseOnScrapeError(
  lastError: string,
  job: Job,
  containers: readonly DeployedContainer[],
  { docker, repair }: Commands,
): string {
  const isEngine = job.fixed.some((target) => target.startsWith(engineHost));
  if (isEngine) return adviseOnEngineError(lastError, repair);
  const container = containersOf(job, containers)[0];
  const name = job.fixed.some((target) => target.startsWith(prometheusItself))
    ? containers.find(({ owner }) => owner === "prometheus")?.inputs.name
    : container?.inputs.name;
  const logs = `${docker} logs --tail 20 ${name ?? job.name}   (shows why)`;
  if (/connection refused/.test(lastError))
    return `set the app's port to the one it listens on, or ${logs}`;
  if (/HTTP status 404/.test(lastError))
    return "set the app's metricsPath to where its metrics are";
  if (/Content-Type|expected .* got/.test(lastError)) {
    return "set the app's metricsPath, or its fallbackScrapeProtocol to the format it writes";
  }
  return logs;
}

function adviseOnEngineError(lastError: string, repair: string): string {
  if (/connection refused/.test(lastError)) {
    return "the engine has to listen where containers reach it: engineMetrics.address 0.0.0.0:9323, or the address of Docker's bridge";
  }
  if (/context deadline exceeded|timeout/i.test(lastError)) {
    return "a firewall of the host blocks it: allow the port on Docker's interfaces (docker0, br-…)";
  }
  if (/no such host|server misbehaving|missing address/.test(lastError)) {
    return `the engine lost the host's address when it was restarted with live-restore (moby#42753): set "host-gateway-ip" in daemon.json, or remove Prometheus' container and ${repair}`;
  }
  return "compare the engine's findings above";
}
