import { type Crud, equalValues } from "../crud";
import { ReloadingServer, type ReloadingServerKind } from "../reloadingServer";
import type { PrometheusReloadInputs } from "./inputs";
import { configFile, findDifference, listRuleFiles } from "./prometheusConfig";
import { findRulesDifference, type RunningRules } from "./prometheusRules";

export interface PrometheusReloadOutputs extends PrometheusReloadInputs {
  /** Where what Prometheus runs differs from its files, in words; only when it was found so on the host. */
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
    return { changes: olds.difference !== undefined || !equalValues(pick(olds), pick(news)) };
  },

  async create(inputs) {
    const prometheus = await waitForPrometheus(inputs);
    // A container that started after its files were written runs them already.
    if ((await findAnyDifference(prometheus)) !== undefined) await prometheus.reload();
    await rejectDifference(prometheus);
    return { id: "running", outs: inputs };
  },

  async update(_id, olds, news) {
    const prometheus = await waitForPrometheus(news);
    const restarted = olds.container !== news.container;
    if (!restarted || (await findAnyDifference(prometheus)) !== undefined) {
      await prometheus.reload();
    }
    await rejectDifference(prometheus);
    return { outs: news };
  },

  async read(id, olds) {
    const prometheus = await ReloadingServer.find(kind, olds);
    // An unreachable Prometheus is its container's problem; a running one with another configuration is this one's.
    const isReachable = await readRunningConfig(prometheus).then(
      () => true,
      () => false,
    );
    if (!isReachable) return { id, props: olds };
    const difference = await findAnyDifference(prometheus);
    return { id, props: { ...olds, difference } };
  },

  async delete() {
    // Nothing was made: the configuration ends with its container.
  },
};

/** A state of version 0.1 holds the files' texts as well. */
function pick({ dockerHost, container, revision }: PrometheusReloadInputs): PrometheusReloadInputs {
  return { dockerHost, container, revision };
}

async function waitForPrometheus(inputs: PrometheusReloadInputs): Promise<ReloadingServer> {
  const prometheus = await ReloadingServer.find(kind, inputs);
  await prometheus.waitUntilReady();
  return prometheus;
}

/** @throws Error when Prometheus runs something else than its files say */
async function rejectDifference(prometheus: ReloadingServer): Promise<void> {
  const difference = await findAnyDifference(prometheus);
  if (difference === undefined) return;
  throw new Error(
    `Prometheus runs another configuration than its files say: ${difference}. Someone changed them meanwhile.`,
  );
}

/** The first place in which what Prometheus runs differs from the files in its container, in words. */
async function findAnyDifference(prometheus: ReloadingServer): Promise<string | undefined> {
  const config = await prometheus.readFile(configFile);
  const difference = findDifference(await readRunningConfig(prometheus), config);
  if (difference !== undefined) return difference;
  const files = listRuleFiles(config);
  const rules = await Promise.all(files.map((file) => prometheus.readFile(file)));
  const running = await readApi<RunningRules>(prometheus, "rules");
  return findRulesDifference(running, rules, (query) =>
    readApi<string>(prometheus, `format_query?query=${encodeURIComponent(query)}`),
  );
}

async function readRunningConfig(prometheus: ReloadingServer): Promise<string> {
  return (await readApi<{ yaml: string }>(prometheus, "status/config")).yaml;
}

async function readApi<T>(prometheus: ReloadingServer, path: string): Promise<T> {
  return (JSON.parse(await prometheus.fetch(`/api/v1/${path}`)) as { data: T }).data;
}
