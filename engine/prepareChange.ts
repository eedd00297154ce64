import { EngineSettingsError } from "./engineSettingsError";
import type { DaemonKeys } from "./daemonJson";
import type { EngineLocation } from "./engineLocation";
import { findMetricsProblem, waitForMetrics } from "./engineProbe";
import { findPlanWarnings } from "./findPlanWarnings";
import { readMetricsAddress, type MetricsAddress } from "./metricsAddress";
import { rejectEngineFlags } from "./rejectDaemonJson";
import { renderUnifiedDiff } from "./renderUnifiedDiff";
import { buildClaimChange, buildReleaseChange, type SettingsChange } from "./settingsChange";
import { readSituation, tryReadMetricsAddress, type Situation } from "./situation";

/** What a stack wants of an engine. */
export interface WantedDaemonSettings {
  /** dockerd's `metrics-addr`, such as "0.0.0.0:9323". */
  readonly metricsAddress: string;
  /**
   * Whether to write `"experimental": true` as well.
   * @default only for engines that need it: those before 24
   */
  readonly experimental?: boolean;
  /** Who wants it, as `project/stack`: several stacks may want the same of one host. */
  readonly claimant: string;
}

/** What `applyDaemonSettings` or `releaseDaemonSettings` would do. */
export interface DaemonSettingsPlan {
  /** The text of daemon.json now; `undefined` when there is no file. */
  readonly before: string | undefined;
  /** The text to be; `undefined` when there is to be no file. */
  readonly after: string | undefined;
  /** A unified diff with credentials masked; empty when the file stays as it is. */
  readonly diff: string;
  /** Also true when the file already says so but the engine was not restarted since. */
  readonly restartNeeded: boolean;
  /** Sentences that a person should read before saying yes. */
  readonly warnings: readonly string[];
}

/** A change that was decided on and not yet made. */
export interface PreparedChange {
  readonly situation: Situation;
  readonly change: SettingsChange;
  readonly plan: DaemonSettingsPlan;
}

/**
 * Decides what a claim changes; changes nothing.
 *
 * @throws EngineSettingsError when the claim is refused
 */
export async function prepareClaim(
  location: EngineLocation,
  wanted: WantedDaemonSettings,
  isPreview: boolean,
): Promise<PreparedChange & { readonly address: MetricsAddress }> {
  const { metricsAddress, claimant } = wanted;
  const address = readMetricsAddress(metricsAddress);
  const situation = await readSituation(location, isPreview);
  const { facts, file, page } = situation;
  if (facts.advice !== undefined) throw new EngineSettingsError(facts.advice);
  if (facts.version === undefined && !isPreview) {
    throw new EngineSettingsError(
      `No Docker Engine was found on ${location.host.label}: nothing answers on ${location.socketPath}, and there is no dockerd program. Install Docker first, or correct the socket's path.`,
    );
  }
  const desired = buildDesiredKeys(wanted, facts.experimentalNeeded);
  await rejectEngineFlags(location, Object.keys(desired));
  const change = buildClaimChange(file.text, page, desired, claimant);
  const hasNews = change.after !== file.text;
  const restartNeeded =
    hasNews ||
    page.restartPending === true ||
    !(await areMetricsServed(location, address, facts.id));
  const warnings = [
    ...situation.warnings,
    ...findPlanWarnings(facts, restartNeeded, situation.keys, desired),
  ];
  return {
    situation,
    change,
    address,
    plan: buildPlan(location, file.text, change, restartNeeded, warnings),
  };
}

/** Decides what giving up a claim changes; changes nothing. */
export async function prepareRelease(
  location: EngineLocation,
  claimant: string,
  isPreview: boolean,
): Promise<PreparedChange> {
  const situation = await readSituation(location, isPreview);
  const { facts, file, page, keys } = situation;
  const change = buildReleaseChange(file.text, page, claimant);
  const hasNews = change.after !== file.text;
  // A crash between writing and restarting: the file is clean, but the engine still does what it said before.
  const claimed = tryReadMetricsAddress({ "metrics-addr": page.keys["metrics-addr"]?.value });
  const isLeftover =
    claimed !== undefined &&
    !Object.hasOwn(keys, "metrics-addr") &&
    (await findMetricsProblem(location, claimed, facts.id)) === undefined;
  const restartNeeded = change.hasClaims && (hasNews || page.restartPending === true || isLeftover);
  const warnings = [...situation.warnings, ...findPlanWarnings(facts, restartNeeded)];
  return {
    situation,
    change,
    plan: buildPlan(location, file.text, change, restartNeeded, warnings),
  };
}

function buildPlan(
  { daemonJsonPath }: EngineLocation,
  before: string | undefined,
  { after }: SettingsChange,
  restartNeeded: boolean,
  warnings: readonly string[],
): DaemonSettingsPlan {
  const diff = renderUnifiedDiff(before, after, daemonJsonPath);
  return { before, after, diff, restartNeeded, warnings };
}

function buildDesiredKeys(wanted: WantedDaemonSettings, experimentalNeeded: boolean): DaemonKeys {
  const experimental = wanted.experimental ?? experimentalNeeded;
  return {
    "metrics-addr": wanted.metricsAddress,
    ...(experimental ? { experimental: true } : {}),
  };
}

// A restart stops containers, so one slow answer is not enough to decide on it.
async function areMetricsServed(
  location: EngineLocation,
  address: MetricsAddress,
  engineId: string | undefined,
): Promise<boolean> {
  const patient = { ...location, metricsWaitSeconds: Math.min(2, location.metricsWaitSeconds) };
  return waitForMetrics(patient, address, engineId).then(
    () => true,
    () => false,
  );
}
