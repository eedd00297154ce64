import { locateEngine, renderRestartByHand } from "../../../host/daemon/engineLocation";
import { parseDockerHost } from "../../../host/access/dockerHost";
import type { Commands } from "../commands";
import type { Facts, MetricsNow } from "../facts";
import { type Finding, type Row, weights } from "../report";
import type { MetricsSetting } from "../stackState";

const subject = "engine";

/** Whether the engine answers, and offers its measurements as it was told to. */
export function checkEngine(
  { engine, engineProblem = "", dockerHost, metrics, state }: Facts,
  commands: Commands,
): Row[] {
  if (engine.kind === "unreachable") {
    const parsed = parseDockerHost(dockerHost);
    const onHost = parsed.kind === "ssh" ? `on ${parsed.name}: ` : "";
    const isForbidden = /EACCES|EPERM|permission denied/i.test(engineProblem);
    const finding = {
      subject,
      problem: `no Docker Engine answers at ${dockerHost.uri}: ${engineProblem}`,
      fix: isForbidden
        ? `${onHost}sudo usermod -aG docker $USER, then log in again`
        : `${onHost}systemctl start docker (without systemd: dockerd), then ${commands.doctor}`,
      weight: weights.engine,
    };
    return [{ subject, detail: "", findings: [finding] }];
  }
  const kind = engine.kind === "engine" ? "Docker Engine" : engine.kind;
  const deployed = "value" in state ? state.value : undefined;
  const served = deployed?.metricsAddress;
  return [
    {
      subject,
      detail: `${kind} ${engine.version ?? ""}`.trim() + (served ? `, metrics at ${served}` : ""),
      findings: metrics ? checkMetrics(metrics, deployed?.metricsSetting, commands) : [],
    },
  ];
}

function checkMetrics(
  metrics: NonNullable<Facts["metrics"]>,
  wanted: MetricsSetting | undefined,
  { repair }: Commands,
): Finding[] {
  const found = (problem: string, fix: string): Finding[] => [
    { subject, problem, fix, weight: weights.engine },
  ];
  if ("problem" in metrics) {
    return found(
      `its settings cannot be read: ${metrics.problem}`,
      "fix that, then run the doctor again",
    );
  }
  const { isClaimed, problem } = metrics.value;
  if (wanted === undefined) {
    return problem === undefined
      ? []
      : found(
          `its metrics are unavailable: ${problem}`,
          'the owner of the engine\'s settings (engineMetrics.mode is "external") has to set metrics-addr and restart the engine',
        );
  }
  if (isSettingChanged(metrics.value, wanted)) {
    return found(
      `${wanted.daemonJson} has ${describeSetting(metrics.value)} where "${wanted.metricsAddress}" was deployed`,
      `${repair}   (restarts the engine)`,
    );
  }
  if (isClaimed === false) {
    return found(
      "the ledger no longer says that this stack set metrics-addr, so nothing would restore the old value",
      repair,
    );
  }
  if (problem === undefined) return [];
  return found(
    `${wanted.daemonJson} has the metrics-addr, but the engine does not serve it: ${problem}`,
    `${restartByHand(wanted)}   (its log says why, if that does not help)`,
  );
}

function describeSetting({ setting }: MetricsNow): string {
  return setting === undefined ? "no metrics-addr" : `metrics-addr ${JSON.stringify(setting)}`;
}

/** Whether daemon.json has another address than the deployed one. */
export function isSettingChanged({ setting }: MetricsNow, wanted: MetricsSetting): boolean {
  return setting !== wanted.metricsAddress;
}

function restartByHand(setting: MetricsSetting) {
  return renderRestartByHand(locateEngine(setting));
}
