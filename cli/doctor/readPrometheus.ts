import { missingSeries } from "../../config/servers/engineRelay";
import { readMessage } from "../../host/daemon/engineSettingsError";
import type { PrometheusReloadInputs } from "../../resources/prometheusReload/inputs";
import {
  provider as prometheusReload,
  type PrometheusReloadOutputs,
} from "../../resources/prometheusReload/provider";
import { askPrometheus, type PrometheusPlace } from "../askPrometheus";
import { queryPrometheus } from "../queryPrometheus";
import { readTargets } from "../waitForTargets";
import type { PrometheusNow, Reading } from "./facts";
import type { StackState } from "./stackState";

/** What Prometheus runs, and how its scrapes go; undefined for a stack without it. */
export async function readPrometheus({
  configs: [deployed],
  prometheusUrl,
  dockerHost,
}: StackState): Promise<PrometheusNow | undefined> {
  if (deployed === undefined || prometheusUrl === undefined) return undefined;
  const place = { url: prometheusUrl, dockerHost, container: deployed.container };
  const [difference, targets, lastReloadSuccessful, silent] = await Promise.all([
    tryReading(async () => {
      const olds = deployed.olds as PrometheusReloadInputs & PrometheusReloadOutputs;
      // What an earlier refresh found is not asked for.
      const found = await prometheusReload.read("running", { ...olds, difference: undefined });
      return found.props.difference;
    }),
    tryReading(() => readTargets(place)),
    readReloadSuccess(place),
    tryReading(() => readEnginesWithoutMetrics(place)),
  ]);
  return {
    difference,
    targets,
    lastReloadSuccessful,
    enginesWithoutMetrics: "value" in silent ? silent.value : [],
  };
}

async function readReloadSuccess(place: PrometheusPlace): Promise<boolean | undefined> {
  const metrics = await tryReading(() => askPrometheus(place, "/metrics"));
  const found =
    "value" in metrics &&
    /^prometheus_config_last_reload_successful (\d)$/m.exec(metrics.value)?.[1];
  return found ? found === "1" : undefined;
}

async function readEnginesWithoutMetrics(place: PrometheusPlace): Promise<string[]> {
  const missing = await queryPrometheus(place, missingSeries);
  return missing.map(({ metric }) => metric["node"] ?? "").sort();
}

/** Does a reading whose failure is a finding, and not the end. */
export async function tryReading<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    // `fetch` says only "fetch failed"; why is in the cause.
    const { cause } = error as { readonly cause?: unknown };
    return { problem: readMessage(cause ?? error) };
  }
}
