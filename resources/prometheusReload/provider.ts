import type Docker from "dockerode";
import { connectDocker } from "../../host/docker/connectDocker";
import { type Crud, equalValues } from "../crud";
import { execToEnd } from "../../host/docker/execToEnd";
import { findDifference } from "./prometheusConfig";
import { findRulesDifference, type RunningRules } from "./prometheusRules";
import { readLogTail } from "../../host/docker/readLogTail";
import type { PrometheusReloadInputs } from "./inputs";

export interface PrometheusReloadOutputs extends PrometheusReloadInputs {
  /** The configuration that Prometheus says it runs, its own defaults included. */
  readonly running: string;
}

const base = "http://127.0.0.1:9090";
const pollMilliseconds = 200;
const readyTimeoutMilliseconds = 120_000;
const reloadTimeoutMilliseconds = 30_000;

/**
 * The configuration that Prometheus really runs. SIGHUP makes it read its files again; what counts is what it says
 * afterwards, because a failed reload keeps the old configuration and a silent one changes nothing
 * (https://github.com/prometheus/prometheus/issues/2544).
 *
 * It asks from inside the container, so that it works on a remote engine and needs no published port.
 */
export const provider: Crud<PrometheusReloadInputs, PrometheusReloadOutputs> = {
  async diff(_id, olds, news) {
    const { running: _, ...before } = olds;
    return { changes: !equalValues(before, news) };
  },

  async create(inputs) {
    const prometheus = await waitForPrometheus(inputs);
    // A container that started after its files were written runs them already.
    if ((await findAnyDifference(prometheus, inputs)) !== undefined) await reload(prometheus);
    return { id: "running", outs: await readOutputs(prometheus, inputs) };
  },

  async update(_id, olds, news) {
    const prometheus = await waitForPrometheus(news);
    const restarted = olds.container !== news.container;
    if (!restarted || (await findAnyDifference(prometheus, news)) !== undefined) {
      await reload(prometheus);
    }
    return { outs: await readOutputs(prometheus, news) };
  },

  async read(id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    const prometheus = docker.getContainer(olds.container);
    const running = await readRunningConfig(prometheus).catch(() => undefined);
    // An unreachable Prometheus is its container's problem; a running one with another configuration is this one's.
    if (running === undefined) return { id, props: olds };
    const differs = findDifference(running, olds.config) !== undefined;
    // A state that was written before rules were compared has none.
    const { rules = "" } = olds as Partial<PrometheusReloadOutputs>;
    const otherRules = await findOtherRules(prometheus, rules);
    const props = {
      ...olds,
      running,
      ...(differs && { config: running }),
      ...(otherRules !== undefined && { rules: `# ${otherRules}` }),
    };
    return { id, props };
  },

  async delete() {
    // Nothing was made: the configuration ends with its container.
  },
};

async function waitForPrometheus({
  dockerHost,
  container: id,
}: PrometheusReloadInputs): Promise<Docker.Container> {
  const docker = await connectDocker(dockerHost);
  const container = docker.getContainer(id);
  const deadline = Date.now() + readyTimeoutMilliseconds;
  for (;;) {
    const ready = await execToEnd(container, ["wget", "-q", "-O", "-", `${base}/-/ready`]);
    if (ready.exitCode === 0) return container;
    const { State: state } = await container.inspect();
    if ((!state.Running && !state.Restarting) || Date.now() > deadline) {
      throw new Error(
        `Prometheus does not become ready (${ready.output.trim()}).${await lastWords(container)}`,
      );
    }
    await pause();
  }
}

/** Makes Prometheus read its files again, and waits until it has. */
async function reload(container: Docker.Container): Promise<void> {
  const before = await readReloadState(container);
  const startedAt = Math.floor(Date.now() / 1000);
  await container.kill({ signal: "SIGHUP" });
  const deadline = Date.now() + reloadTimeoutMilliseconds;
  for (;;) {
    const now = await readReloadState(container);
    // After a reload that failed before, the metric says so until this one is through.
    if (!now.successful && (before.successful || Date.now() > deadline)) {
      throw new Error(
        `Prometheus refuses the new configuration and keeps running the old one.${await lastWords(container, startedAt)}`,
      );
    }
    if (now.successful && now.lastSuccess !== before.lastSuccess) break;
    if (Date.now() > deadline) {
      throw new Error(
        "Prometheus was told to reload and did not: its last reload is still the old one",
      );
    }
    await pause();
  }
}

/** @throws Error when Prometheus runs something else than what was written for it */
async function readOutputs(
  container: Docker.Container,
  inputs: PrometheusReloadInputs,
): Promise<PrometheusReloadOutputs> {
  const running = await readRunningConfig(container);
  const difference =
    findDifference(running, inputs.config) ?? (await findOtherRules(container, inputs.rules));
  if (difference === undefined) return { ...inputs, running };
  throw new Error(
    `Prometheus runs another configuration than the one that was written for it: ${difference}. ` +
      "Its folder is not the volume's, or someone changed it.",
  );
}

/** The first place in which the running configuration or rules differ, in words. */
async function findAnyDifference(
  container: Docker.Container,
  { config, rules }: PrometheusReloadInputs,
): Promise<string | undefined> {
  const running = await readRunningConfig(container);
  return findDifference(running, config) ?? (await findOtherRules(container, rules));
}

async function findOtherRules(
  container: Docker.Container,
  asked: string,
): Promise<string | undefined> {
  const running = await readApi<RunningRules>(container, "rules");
  return findRulesDifference(running, asked, (query) =>
    readApi<string>(container, `format_query?query=${encodeURIComponent(query)}`),
  );
}

/** `prometheus_config_last_reload_*` of Prometheus' own metrics. */
async function readReloadState(
  container: Docker.Container,
): Promise<{ successful: boolean; lastSuccess: string }> {
  const metrics = await fetchInside(container, "/metrics");
  const valueOf = (name: string) =>
    new RegExp(`^prometheus_config_last_reload_${name} (\\S+)$`, "m").exec(metrics)?.[1];
  return {
    successful: valueOf("successful") === "1",
    lastSuccess: valueOf("success_timestamp_seconds") ?? "",
  };
}

async function readRunningConfig(container: Docker.Container): Promise<string> {
  return (await readApi<{ yaml: string }>(container, "status/config")).yaml;
}

async function readApi<T>(container: Docker.Container, path: string): Promise<T> {
  return (JSON.parse(await fetchInside(container, `/api/v1/${path}`)) as { data: T }).data;
}

async function fetchInside(container: Docker.Container, path: string): Promise<string> {
  const { exitCode, output } = await execToEnd(container, [
    "wget",
    "-q",
    "-O",
    "-",
    `${base}${path}`,
  ]);
  if (exitCode !== 0) throw new Error(`Prometheus did not answer ${path}: ${output.trim()}`);
  return output;
}

async function lastWords(container: Docker.Container, since = 0): Promise<string> {
  const log = (await readLogTail(container, 20, since)).trim();
  return log === "" ? "" : ` It says:\n${log.replace(/^/gm, "    ")}`;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
