import { EngineSettingsError } from "./engineSettingsError";
import type { RestartImpact } from "./restartImpact";
import type { DaemonKeys } from "./daemonJson";
import { isSameValue } from "./daemonJsonEdit";
import type { EngineLocation } from "./engineLocation";
import { findMetricsProblem, waitForMetrics } from "./engineProbe";
import { findPlanWarnings } from "./findPlanWarnings";
import { isHostGatewayLost, readHostGatewayKey } from "./hostGateway";
import { readMetricsAddress, type MetricsAddress } from "./metricsAddress";
import {
  findFlags,
  prepareRestart,
  readEngineArguments,
  type PreparedRestart,
} from "./prepareRestart";
import { rejectEngineFlags } from "./rejectDaemonJson";
import { renderUnifiedDiff } from "./renderUnifiedDiff";
import { buildClaimChange, buildReleaseChange, type SettingsChange } from "./settingsChange";
import { readDaemonState, tryReadMetricsAddress, type DaemonState } from "./daemonState";

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
  /** What that restart does to the containers; `undefined` without one. */
  readonly containers: RestartImpact | undefined;
  /** Sentences that a person should read before saying yes. */
  readonly warnings: readonly string[];
}

/** A change that was decided on and not yet made. */
export interface PreparedChange {
  readonly daemonState: DaemonState;
  readonly change: SettingsChange;
  readonly plan: DaemonSettingsPlan;
  /** `undefined` when none is needed. */
  readonly restart: PreparedRestart | undefined;
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
  const daemonState = await readDaemonState(location, isPreview);
  const { facts, settled, page } = daemonState;
  if (facts.advice !== undefined) throw new EngineSettingsError(facts.advice);
  if (facts.version === undefined && !isPreview) {
    throw new EngineSettingsError(
      `No Docker Engine was found on ${location.host.label}: nothing answers on ${location.socketPath}, and there is no dockerd program. Install Docker first, or correct the socket's path.`,
    );
  }
  const basic = {
    ...buildDesiredKeys(wanted, facts.experimentalNeeded),
    ...findHeldGateway(daemonState),
  };
  await rejectEngineFlags(location, Object.keys(basic));
  const basicChange = buildClaimChange(settled, page, basic, claimant);
  const restartNeeded =
    basicChange.after !== settled ||
    page.restartPending === true ||
    !(await areMetricsServed(location, address, facts.id));
  // Worth a key when a restart is due anyway, and not a restart of its own.
  const gateway = restartNeeded ? await findGatewayToHold(location, daemonState) : {};
  const desired = { ...gateway, ...basic };
  const change = buildClaimChange(settled, page, desired, claimant);
  const warnings = [...daemonState.warnings, ...findPlanWarnings(daemonState.keys, desired)];
  const given = { daemonState, change, restartNeeded, warnings };
  return { address, ...(await buildPrepared(location, given)) };
}

/** Decides what giving up a claim changes; changes nothing. */
export async function prepareRelease(
  location: EngineLocation,
  claimant: string,
  isPreview: boolean,
): Promise<PreparedChange> {
  const daemonState = await readDaemonState(location, isPreview);
  const { facts, settled, page, keys } = daemonState;
  const change = buildReleaseChange(settled, page, claimant);
  const hasNews = change.after !== settled;
  // A crash between writing and restarting: the file is clean, but the engine still does what it said before.
  const claimed = tryReadMetricsAddress({ "metrics-addr": page.keys["metrics-addr"]?.value });
  const isLeftover =
    claimed !== undefined &&
    !Object.hasOwn(keys, "metrics-addr") &&
    (await findMetricsProblem(location, claimed, facts.id)) === undefined;
  const restartNeeded = change.hasClaims && (hasNews || page.restartPending === true || isLeftover);
  const { warnings } = daemonState;
  return buildPrepared(location, { daemonState, change, restartNeeded, warnings });
}

async function buildPrepared(
  location: EngineLocation,
  given: Pick<PreparedChange, "daemonState" | "change"> &
    Pick<DaemonSettingsPlan, "restartNeeded" | "warnings">,
): Promise<PreparedChange> {
  const { daemonState, change, restartNeeded, warnings } = given;
  const before = daemonState.file.text;
  const { after } = change;
  const restart = restartNeeded ? await prepareRestart(location, daemonState, after) : undefined;
  const diff = renderUnifiedDiff(before, after, location.daemonJsonPath);
  const containers = restart?.containers;
  const plan = { before, after, diff, restartNeeded, containers, warnings };
  return { daemonState, change, plan, restart };
}

/** The key for `host-gateway`, if stacks hold it, need it, and no other value was set since. */
function findHeldGateway({ facts, page, keys }: DaemonState): DaemonKeys {
  if (!isHostGatewayLost(facts.version)) return {};
  return Object.fromEntries(
    Object.entries(page.keys)
      .filter(([key]) => key.startsWith("host-gateway-"))
      .filter(([key, { value }]) => !(key in keys) || isSameValue(keys[key], value))
      .map(([key, { value }]) => [key, value]),
  );
}

/**
 * An engine whose owner keeps live-restore on loses the meaning of `host-gateway` at every restart, also at those that
 * are not ours: there the key stays as long as a stack needs it.
 */
async function findGatewayToHold(
  location: EngineLocation,
  { facts, keys }: DaemonState,
): Promise<DaemonKeys> {
  if (keys["live-restore"] !== true || !isHostGatewayLost(facts.version)) return {};
  const argv = (await readEngineArguments(location)) ?? [];
  const setElsewhere = [...Object.keys(keys), ...findFlags(argv)];
  return readHostGatewayKey(location, facts.version, setElsewhere);
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
