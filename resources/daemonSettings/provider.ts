import {
  applyDaemonSettings,
  planDaemonSettings,
  readDaemonSettings,
  releaseDaemonSettings,
} from "../../host/daemon/daemonSettings";
import { isSameEngine } from "../../host/access/dockerHost";
import { renderRestart } from "../../host/daemon/restartImpact";
import { locateEngine, type EngineSettings } from "../../host/daemon/engineLocation";
import type { DaemonSettingsPlan } from "../../host/daemon/prepareChange";
import type { Crud } from "../crud";
import type { DaemonSettingsInputs } from "./inputs";

export interface DaemonSettingsOutputs extends DaemonSettingsInputs {
  /** Whether `/metrics` of this engine answered at the address when it was last looked at. */
  readonly metricsAnswer: boolean;
}

/** The engine's metrics setting in daemon.json; how it is kept is in `engine/`. */
export const provider: Crud<DaemonSettingsInputs, DaemonSettingsOutputs> = {
  async diff(_id, olds, news) {
    const moved =
      olds.daemonJson !== news.daemonJson || !isSameEngine(olds.dockerHost, news.dockerHost);
    // Asks the host itself, so that an `up` without a refresh corrects what was edited by hand.
    const { diff, restartNeeded } = await planDaemonSettings(locateEngine(news), news);
    const changes =
      moved ||
      olds.metricsAddress !== news.metricsAddress ||
      isRestartedOtherwise(olds, news) ||
      diff !== "" ||
      restartNeeded;
    return { changes, replaces: moved ? ["daemonJson"] : [] };
  },

  async create(inputs) {
    await apply(inputs);
    return { id: inputs.daemonJson, outs: { ...inputs, metricsAnswer: true } };
  },

  async update(_id, _olds, news) {
    await apply(news);
    return { outs: { ...news, metricsAnswer: true } };
  },

  async read(id, olds) {
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
    const { restarted } = await releaseDaemonSettings(locateEngine(olds), olds.claimant, announce);
    if (restarted) console.error("The engine was restarted.");
  },
};

async function apply(inputs: DaemonSettingsInputs): Promise<void> {
  const location = locateEngine(inputs);
  const { restarted, warnings } = await applyDaemonSettings(location, inputs, announce);
  for (const warning of warnings) console.error(warning);
  if (restarted) console.error("The engine was restarted and serves its metrics.");
}

/** Standard error of a provider is shown among the update's messages, as soon as it is written. */
function announce({ diff, containers }: DaemonSettingsPlan): void {
  if (diff !== "") console.error(diff.trimEnd());
  if (containers !== undefined) console.error(renderRestart(containers));
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
