import { hashConfig } from "../../../../resources/alertmanagerReload/configHash";
import type { AlertmanagerReloadInputs } from "../../../../resources/alertmanagerReload/inputs";
import { provider } from "../../../../resources/alertmanagerReload/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let alertmanager: { running: string; successful: boolean; lastSuccess: number };
let inputs: AlertmanagerReloadInputs;
let signals: string[];
const oldConfig = "route: { receiver: team }\n";
const newConfig = "route: { receiver: pager }\n";

beforeEach(async () => {
  engine = await new FakeDocker().start();
  alertmanager = { running: oldConfig, successful: true, lastSuccess: 1 };
  signals = [];
  engine.inspect = () => ({ State: { Running: true, Restarting: false } });
  engine.run = (command) => ({ exitCode: 0, output: answer(command.at(-1) ?? "") });
  inputs = {
    dockerHost: { uri: engine.uri },
    container: "a",
    config: oldConfig,
    revision: "1",
    secretsRevision: "1",
  };
});

afterEach(() => engine.stop());

function answer(url: string): string {
  if (!url.endsWith("/metrics")) return "OK";
  const { running, successful, lastSuccess } = alertmanager;
  return [
    "# TYPE alertmanager_config_hash gauge",
    // As Go writes a number of this size.
    `alertmanager_config_hash ${hashConfig(running).toExponential()}`,
    `alertmanager_config_last_reload_successful ${successful ? 1 : 0}`,
    `alertmanager_config_last_reload_success_timestamp_seconds ${lastSuccess}`,
    "",
  ].join("\n");
}

function onReload(change: () => void): void {
  engine.onSignal = (signal) => {
    signals.push(signal);
    change();
  };
}

const accept = (running: string) => () => {
  alertmanager = { running, successful: true, lastSuccess: alertmanager.lastSuccess + 1 };
};

describe("alertmanagerReload", () => {
  it("knows the hash that Alertmanager 0.33 tells of a configuration", () => {
    expect(hashConfig("route: {}\n")).toBe(25_776_602_098_950);
  });

  it("reloads a running Alertmanager, and takes its hash for the proof", async () => {
    onReload(accept(newConfig));
    await provider.update("running", inputs, { ...inputs, config: newConfig, revision: "2" });
    expect(signals).toStrictEqual(["SIGHUP"]);
  });

  it("reloads when a secret was written, so that the new one is used", async () => {
    onReload(accept(oldConfig));
    const news = { ...inputs, secretsRevision: "2" };
    expect((await provider.diff("running", inputs, news)).changes).toBe(true);
    await provider.update("running", inputs, news);
    expect(signals).toStrictEqual(["SIGHUP"]);
  });

  it("does not reload one that started with its files", async () => {
    await provider.create(inputs);
    await provider.update("running", { ...inputs, container: "older" }, inputs);
    expect(signals).toStrictEqual([]);
  });

  it("gives Alertmanager's own words when it refuses the configuration", async () => {
    engine.log = 'msg="Loading configuration file failed" err="undefined receiver"\n';
    onReload(() => (alertmanager.successful = false));
    await expect(
      provider.update("running", inputs, { ...inputs, config: newConfig }),
    ).rejects.toThrow(
      "Alertmanager refuses the new configuration and keeps running the old one. It says:\n    msg=",
    );
  });

  it("notices a reload of other files than those that were written", async () => {
    onReload(accept(oldConfig));
    await expect(
      provider.update("running", inputs, { ...inputs, config: newConfig }),
    ).rejects.toThrow("Alertmanager runs another configuration than the one that was written");
  });

  it("shows another running configuration as drift, and an unreachable Alertmanager not", async () => {
    const changes = async () => {
      const { id, props } = await provider.read("running", inputs);
      return (await provider.diff(id, props, inputs)).changes;
    };
    expect(await changes()).toBe(false);
    alertmanager.running = newConfig;
    expect(await changes()).toBe(true);
    engine.run = () => ({ exitCode: 126, output: "" });
    expect(await changes()).toBe(false);
  });
});
