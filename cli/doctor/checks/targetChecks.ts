import { parse } from "yaml";
import { explainScrapeError, isUnreadable, speaksNoHttp } from "../../explainScrapeError";
import type { Target } from "../../waitForTargets";
import type { Commands } from "../commands";
import type { HostNow, PrometheusNow } from "../facts";
import { type Finding, type Row, weights } from "../report";
import type { DeployedContainer, StackState } from "../stackState";
import { isServing } from "./containerChecks";

/** A scrape job as it was deployed. */
interface Job {
  readonly name: string;
  /** `host:port` of targets that are listed. */
  readonly fixed: readonly string[];
  /** DNS names behind which every address is a target. */
  readonly names: readonly string[];
  /** `host:port` of what is asked in the targets' place, as with probes. */
  readonly gateways: readonly string[];
  /** Whether labels of containers, or files, tell more targets. */
  readonly byLabels: boolean;
  readonly byFiles: boolean;
  /** How long a scrape may take, as Prometheus writes it. */
  readonly timeout: string;
}

const prometheusItself = "localhost";
const engineHost = "host.docker.internal";

/** Each scrape job: whether Prometheus has as many targets as there are containers, and scrapes them. */
export function checkTargets(
  { configs, containers, services, prometheusUrl }: StackState,
  host: Pick<HostNow, "containers">,
  now: PrometheusNow,
  commands: Commands,
): Row[] {
  const jobs = configs.flatMap(({ config }) => readJobs(config));
  if ("problem" in now.targets) {
    const server = containers.find(({ owner }) => owner === "prometheus");
    const isDown = server && !isServing(server, host.containers[server.resource]);
    const finding = {
      subject: "targets",
      problem: `Prometheus does not answer at ${prometheusUrl ?? "its address"}: ${now.targets.problem}`,
      fix: isDown
        ? "fix its container first, see above"
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
      detail:
        job.byLabels && own.length === 0
          ? "no labelled container within reach"
          : `${own.length} of ${countExpected(job, { containers, services }) ?? own.length} up`,
      findings: checkJob(subject, job, own, { containers, services, host, commands }),
    };
  });
}

interface Surroundings extends Pick<StackState, "containers" | "services"> {
  readonly host: Pick<HostNow, "containers">;
  readonly commands: Commands;
}

function checkJob(
  subject: string,
  job: Job,
  targets: readonly Target[],
  { containers, services, host, commands }: Surroundings,
): Finding[] {
  const found = (problem: string, fix: string): Finding => ({
    subject,
    problem,
    fix,
    weight: weights.target,
  });
  const expected = countExpected(job, { containers, services });
  const broken = containersOf(job, containers).filter(
    (container) => !isServing(container, host.containers[container.resource]),
  );
  const cause =
    broken.length > 0
      ? `goes away with ${broken.map(({ resource }) => resource).join(", ")}, see there`
      : undefined;
  const counts =
    expected === undefined
      ? targets.length > 0 || job.byLabels
        ? []
        : [found("no targets found", adviseOnExternalJob(job))]
      : targets.length === expected
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
  const { global, scrape_configs: jobs } = parse(config) as {
    global?: { scrape_timeout?: string };
    scrape_configs?: {
      job_name: string;
      scrape_timeout?: string;
      static_configs?: { targets: string[] }[];
      dns_sd_configs?: { names: string[] }[];
      relabel_configs?: { target_label?: string; replacement?: string; source_labels?: string[] }[];
      docker_sd_configs?: unknown[];
      file_sd_configs?: unknown[];
      http_sd_configs?: unknown[];
    }[];
  };
  return (jobs ?? []).map((job) => ({
    name: job.job_name,
    fixed: (job.static_configs ?? []).flatMap(({ targets }) => targets),
    names: (job.dns_sd_configs ?? []).flatMap(({ names }) => names),
    gateways: (job.relabel_configs ?? []).flatMap(
      ({ target_label: target, source_labels: sources, replacement }) =>
        target === "__address__" && sources === undefined && replacement !== undefined
          ? [replacement]
          : [],
    ),
    // How many nodes a Swarm has is not said in the state.
    byLabels: job.docker_sd_configs !== undefined || job.http_sd_configs !== undefined,
    byFiles: job.file_sd_configs !== undefined,
    timeout: job.scrape_timeout ?? global?.scrape_timeout ?? "10s",
  }));
}

/** @returns undefined where that is not known: behind names of others, and where containers or files tell */
function countExpected(
  { byLabels, byFiles, fixed, names }: Job,
  { containers, services }: Pick<StackState, "containers" | "services">,
): number | undefined {
  const replicas = names.map((name) =>
    services
      .filter(({ aliases }) => aliases.some((alias) => name === `tasks.${alias}`))
      .reduce(
        (sum, service) => sum + (service.replicas ?? 0),
        behindAlias(name, containers).length,
      ),
  );
  if (byLabels || byFiles || replicas.includes(0)) return undefined;
  return replicas.reduce((sum, count) => sum + count, fixed.length);
}

function containersOf(job: Job, containers: readonly DeployedContainer[]): DeployedContainer[] {
  const hosts = [...job.fixed, ...job.gateways].map((target) => target.replace(/:\d+$/, ""));
  return [...hosts, ...job.names].flatMap((name) => behindAlias(name, containers));
}

function behindAlias(alias: string, containers: readonly DeployedContainer[]): DeployedContainer[] {
  return containers.filter(({ inputs }) =>
    inputs.networksAdvanced?.some(({ aliases }) => aliases?.includes(alias)),
  );
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
  const isPrometheus = job.fixed.some((target) => target.startsWith(prometheusItself));
  if (container === undefined && !isPrometheus) return adviseOnExternalJob(job, lastError);
  const name = isPrometheus
    ? containers.find(({ owner }) => owner === "prometheus")?.inputs.name
    : container?.inputs.name;
  const logs = `${docker} logs --tail 20 ${name ?? job.name}   (shows why)`;
  if (/connection refused/.test(lastError))
    return `set the app's port to the one it listens on, or ${logs}`;
  if (/deadline exceeded|Client\.Timeout/.test(lastError)) {
    return `make ${job.timeout} enough for its metrics; a longer scrapeIntervalSeconds allows up to 10s; or ${logs}`;
  }
  if (/body size limit/.test(lastError)) {
    return "look for what makes its answer so long; if that is right, raise prometheus.maxScrapeMb, and prometheus.memoryMb with it";
  }
  if (/sample limit/.test(lastError)) {
    return "look for a label with too many values; if they are right, raise prometheus.maxScrapeSamples, and prometheus.memoryMb with it";
  }
  if (/HTTP status 404/.test(lastError))
    return "set the app's metricsPath to where its metrics are";
  if (speaksNoHttp(lastError)) {
    return `if the port serves no HTTP, as a database's: set the app's metrics: false, or its metricsPort to one that has metrics; or ${logs}`;
  }
  if (isUnreadable(lastError)) {
    return "set the app's metricsPath, or its fallbackScrapeProtocol to the format it writes";
  }
  return logs;
}

/** A target that is no container of the stack. */
function adviseOnExternalJob({ name, byLabels }: Job, lastError = ""): string {
  if (byLabels)
    return "compare its labels prometheus.io/port and prometheus.io/path with where its metrics are";
  const settings = `the scrape job ${name} of the stack file`;
  if (/HTTP status 40[13]/.test(lastError)) {
    return `set basicAuth or bearerToken of ${settings}, and the secret that it names`;
  }
  if (/x509|tls: /.test(lastError)) return `set tls.ca or tls.serverName of ${settings}`;
  return `compare ${settings} with where it listens, and look at its own log`;
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
