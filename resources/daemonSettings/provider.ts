import {
  applyDaemonSettings,
  type AroundRestart,
  planDaemonSettings,
  type PlanListener,
  readDaemonSettings,
  releaseDaemonSettings,
} from "../../host/daemon/daemonSettings";
import { findConnectionProblem } from "../../host/access/connectionProblem";
import { isSameEngine } from "../../host/access/dockerHost";
import { renderNodeRestart, renderRestart } from "../../host/daemon/restartImpact";
import { locateEngine, type EngineSettings } from "../../host/daemon/engineLocation";
import {
  isLeftDrained,
  putBackNode,
  restartDrained,
  type SwarmMember,
} from "../../host/docker/swarm/restartDrained";
import type { Crud } from "../crud";
import type { DaemonSettingsInputs } from "./inputs";

export interface DaemonSettingsOutputs extends DaemonSettingsInputs {
  /** Whether `/metrics` of this engine answered at the address when it was last looked at. */
  readonly metricsAnswer: boolean;
}

/** The engine's metrics setting in daemon.json; how it is kept is in `host/daemon/`. */
export const provider: Crud<DaemonSettingsInputs, DaemonSettingsOutputs> = {
  async diff(_id, olds, news) {
    const moved =
      olds.daemonJson !== news.daemonJson || !isSameEngine(olds.dockerHost, news.dockerHost);
    const isAskedOtherwise =
      moved ||
      olds.metricsAddress !== news.metricsAddress ||
      olds.manager?.uri !== news.manager?.uri ||
      isRestartedOtherwise(olds, news);
    const changes = isAskedOtherwise || (await hasDrifted(news));
    return { changes, replaces: moved ? ["daemonJson"] : [] };
  },

  async create(inputs) {
    return { id: inputs.daemonJson, outs: { ...inputs, metricsAnswer: await apply(inputs) } };
  },

  async update(_id, _olds, news) {
    return { outs: { ...news, metricsAnswer: await apply(news) } };
  },

  async read(id, olds) {
    if ((await findAbsence(olds)) !== undefined) return { id, props: olds };
    const location = locateEngine(olds);
    const { metricsAddress, metricsAnswer, isClaimed } = await readDaemonSettings(
      location,
      olds.claimant,
    );
    // Only root can read the ledger; for other users the setting itself has to tell.
    const isGone = !isClaimed && ((await location.host.isRoot()) || metricsAddress === undefined);
    if (isGone) return { id: "", props: olds };
    return { id, props: { ...olds, metricsAddress: renderFound(metricsAddress), metricsAnswer } };
  },

  async delete(_id, olds) {
    const absence = await findAbsence(olds);
    if (absence !== undefined) {
      console.error(`${absence} Its ${olds.daemonJson} keeps the metrics-addr of this stack.`);
      return;
    }
    const { restarted } = await releaseDaemonSettings(
      locateEngine(olds),
      olds.claimant,
      announce(olds),
      around(olds),
    );
    await settleNode(olds, restarted);
    if (restarted) console.error("The engine was restarted.");
  },
};

/** @returns whether the engine serves its metrics now */
async function apply(inputs: DaemonSettingsInputs): Promise<boolean> {
  const absence = await findAbsence(inputs);
  if (absence !== undefined) {
    console.error(`${absence} Its engine's settings stay as they are until an update finds it.`);
    return false;
  }
  const { restarted, warnings } = await applyDaemonSettings(
    locateEngine(inputs),
    inputs,
    announce(inputs),
    around(inputs),
  );
  await settleNode(inputs, restarted);
  for (const warning of warnings) console.error(warning);
  if (restarted) console.error("The engine was restarted and serves its metrics.");
  return true;
}

/** Asks the host itself, so that an `up` without a refresh corrects what was edited by hand. */
async function hasDrifted(inputs: DaemonSettingsInputs): Promise<boolean> {
  if ((await findAbsence(inputs)) !== undefined) return false;
  const { diff, restartNeeded } = await planDaemonSettings(locateEngine(inputs), inputs);
  const member = findMember(inputs);
  return diff !== "" || restartNeeded || (member !== undefined && (await isLeftDrained(member)));
}

/** Why another node of a Swarm cannot be reached: it may be gone, and holds nothing up. The stack's own host is asked before. */
async function findAbsence({
  dockerHost,
  manager,
}: DaemonSettingsInputs): Promise<string | undefined> {
  return manager && findConnectionProblem(dockerHost);
}

function findMember({ dockerHost, manager }: DaemonSettingsInputs): SwarmMember | undefined {
  return manager && { node: dockerHost, manager };
}

function around(inputs: DaemonSettingsInputs): AroundRestart | undefined {
  const member = findMember(inputs);
  return member && ((change) => restartDrained(member, change, console.error));
}

/** A node that a run before this one drained, and was cut short. */
async function settleNode(inputs: DaemonSettingsInputs, restarted: boolean): Promise<void> {
  const member = findMember(inputs);
  if (member !== undefined && !restarted) await putBackNode(member);
}

/** Standard error of a provider is shown among the update's messages, as soon as it is written. */
function announce({ dockerHost, manager }: DaemonSettingsInputs): PlanListener {
  return ({ diff, containers }) => {
    if (diff !== "") console.error(diff.trimEnd());
    if (containers === undefined) return;
    console.error(
      manager ? renderNodeRestart(dockerHost.uri, containers) : renderRestart(containers),
    );
  };
}

/** The state has to learn it, because a destroy restarts the engine as the state says. */
function isRestartedOtherwise(olds: EngineSettings, news: EngineSettings): boolean {
  return (
    olds.restart !== news.restart ||
    JSON.stringify(olds.restartCommand) !== JSON.stringify(news.restartCommand) ||
    (olds.keepContainers ?? true) !== (news.keepContainers ?? true)
  );
}

/** What stands in daemon.json may be of any type; as text it differs from every address that can be asked for. */
function renderFound(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
