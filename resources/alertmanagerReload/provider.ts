import { type Crud, equalValues } from "../crud";
import { ReloadingServer, type ReloadingServerKind } from "../reloadingServer";
import { hashConfig } from "./configHash";
import type { AlertmanagerReloadInputs } from "./inputs";

const kind: ReloadingServerKind = {
  title: "Alertmanager",
  base: "http://127.0.0.1:9093",
  metricPrefix: "alertmanager",
};

/**
 * The configuration that Alertmanager really runs. SIGHUP makes it read its files again; what counts is the hash that it tells
 * afterwards, because a failed reload keeps the old configuration. (Its API hides secrets, so that texts cannot be compared.)
 */
export const provider: Crud<AlertmanagerReloadInputs, AlertmanagerReloadInputs> = {
  async diff(_id, olds, news) {
    return { changes: !equalValues(olds, news) };
  },

  async create(inputs) {
    const alertmanager = await waitForAlertmanager(inputs);
    // A container that started after its files were written runs them already.
    if (!(await runs(alertmanager, inputs))) await alertmanager.reload();
    await rejectOther(alertmanager, inputs);
    return { id: "running", outs: inputs };
  },

  async update(_id, olds, news) {
    const alertmanager = await waitForAlertmanager(news);
    const restarted = olds.container !== news.container;
    if (!restarted || !(await runs(alertmanager, news))) await alertmanager.reload();
    await rejectOther(alertmanager, news);
    return { outs: news };
  },

  async read(id, olds) {
    const alertmanager = await ReloadingServer.find(kind, olds);
    const running = await readHash(alertmanager).catch(() => undefined);
    // An unreachable Alertmanager is its container's problem; a running one with another configuration is this one's.
    if (running === undefined || running === hashConfig(olds.config)) return { id, props: olds };
    return { id, props: { ...olds, config: `# runs one with the hash ${running}\n` } };
  },

  async delete() {
    // Nothing was made: the configuration ends with its container.
  },
};

async function waitForAlertmanager(inputs: AlertmanagerReloadInputs): Promise<ReloadingServer> {
  const alertmanager = await ReloadingServer.find(kind, inputs);
  await alertmanager.waitUntilReady();
  return alertmanager;
}

async function runs(
  alertmanager: ReloadingServer,
  { config }: AlertmanagerReloadInputs,
): Promise<boolean> {
  return (await readHash(alertmanager)) === hashConfig(config);
}

async function readHash(alertmanager: ReloadingServer): Promise<number> {
  return Number(await alertmanager.readMetric("config_hash"));
}

/** @throws Error when Alertmanager runs something else than what was written for it */
async function rejectOther(
  alertmanager: ReloadingServer,
  inputs: AlertmanagerReloadInputs,
): Promise<void> {
  if (await runs(alertmanager, inputs)) return;
  throw new Error(
    "Alertmanager runs another configuration than the one that was written for it. " +
      "Its folder is not the volume's, or someone changed it.",
  );
}
