import { type Crud, equalValues } from "../crud";
import { ReloadingServer, type ReloadingServerKind } from "../reloadingServer";
import type { PrometheusReloadInputs } from "./inputs";
import { findDifference } from "./prometheusConfig";
import { findRulesDifference, type RunningRules } from "./prometheusRules";

/** The texts are in the inputs only: with them once more, a state would grow by the size of all rules. */
export interface PrometheusReloadOutputs extends Omit<PrometheusReloadInputs, "config" | "rules"> {
  /** Where what Prometheus runs differs from what was written for it, in words; only when it was found so on the host. */
  readonly difference?: string | undefined;
}

const kind: ReloadingServerKind = {
  title: "Prometheus",
  base: "http://127.0.0.1:9090",
  metricPrefix: "prometheus",
};

/**
 * The configuration that Prometheus really runs. SIGHUP makes it read its files again; what counts is what it says
 * afterwards, because a failed reload keeps the old configuration and a silent one changes nothing
 * (https://github.com/prometheus/prometheus/issues/2544).
 */
export const provider: Crud<PrometheusReloadInputs, PrometheusReloadOutputs> = {
  async diff(_id, olds, news) {
    // Other texts come with another revision.
    const changes =
      olds.difference !== undefined || !equalValues(buildOutputs(olds), buildOutputs(news));
    return { changes };
  },

  async create(inputs) {
    const prometheus = await waitForPrometheus(inputs);
    // A container that started after its files were written runs them already.
    if ((await findAnyDifference(prometheus, inputs)) !== undefined) await prometheus.reload();
    await rejectDifference(prometheus, inputs);
    return { id: "running", outs: buildOutputs(inputs) };
  },

  async update(_id, olds, news) {
    const prometheus = await waitForPrometheus(news);
    const restarted = olds.container !== news.container;
    if (!restarted || (await findAnyDifference(prometheus, news)) !== undefined) {
      await prometheus.reload();
    }
    await rejectDifference(prometheus, news);
    return { outs: buildOutputs(news) };
  },

  async read(id, olds) {
    // What earlier versions kept stays in their states until the next update: it is no drift.
    const outs = "running" in olds ? olds : buildOutputs(olds);
    const prometheus = await ReloadingServer.find(kind, olds);
    const running = await readRunningConfig(prometheus).catch(() => undefined);
    // An unreachable Prometheus is its container's problem; a running one with another configuration is this one's.
    if (running === undefined) return { id, props: outs };
    // A state that was written before rules were compared has none.
    const { rules = "" } = olds as Partial<PrometheusReloadInputs>;
    const difference = await compare(prometheus, running, { config: olds.config, rules });
    return { id, props: { ...outs, difference } };
  },

  async delete() {
    // Nothing was made: the configuration ends with its container.
  },
};

function buildOutputs({
  dockerHost,
  container,
  revision,
}: Omit<PrometheusReloadOutputs, "difference">): PrometheusReloadOutputs {
  return { dockerHost, container, revision };
}

async function waitForPrometheus(inputs: PrometheusReloadInputs): Promise<ReloadingServer> {
  const prometheus = await ReloadingServer.find(kind, inputs);
  await prometheus.waitUntilReady();
  return prometheus;
}

/** @throws Error when Prometheus runs something else than what was written for it */
async function rejectDifference(
  prometheus: ReloadingServer,
  inputs: PrometheusReloadInputs,
): Promise<void> {
  const difference = await findAnyDifference(prometheus, inputs);
  if (difference === undefined) return;
  throw new Error(
    `Prometheus runs another configuration than the one that was written for it: ${difference}. ` +
      "Its folder is not the volume's, or someone changed it.",
  );
}

/** The first place in which the running configuration or rules differ, in words. */
async function findAnyDifference(
  prometheus: ReloadingServer,
  asked: PrometheusReloadInputs,
): Promise<string | undefined> {
  return compare(prometheus, await readRunningConfig(prometheus), asked);
}

async function compare(
  prometheus: ReloadingServer,
  running: string,
  { config, rules }: Pick<PrometheusReloadInputs, "config" | "rules">,
): Promise<string | undefined> {
  return findDifference(running, config) ?? (await findOtherRules(prometheus, rules));
}

async function findOtherRules(
  prometheus: ReloadingServer,
  asked: string,
): Promise<string | undefined> {
  const running = await readApi<RunningRules>(prometheus, "rules");
  return findRulesDifference(running, asked, (query) =>
    readApi<string>(prometheus, `format_query?query=${encodeURIComponent(query)}`),
  );
}

async function readRunningConfig(prometheus: ReloadingServer): Promise<string> {
  return (await readApi<{ yaml: string }>(prometheus, "status/config")).yaml;
}

async function readApi<T>(prometheus: ReloadingServer, path: string): Promise<T> {
  return (JSON.parse(await prometheus.fetch(`/api/v1/${path}`)) as { data: T }).data;
}
