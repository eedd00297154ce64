import type { PrometheusReloadInputs } from "../../../../resources/prometheusReload/inputs";
import { provider } from "../../../../resources/prometheusReload/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let prometheus: { running: string; rules: unknown[]; successful: boolean; lastSuccess: number };
let inputs: PrometheusReloadInputs;
let signals: string[];
const oldConfig = "global: { scrape_interval: 10s }\n";
const newConfig = "global: { scrape_interval: 20s }\n";
const oldRules = "groups: [{ name: apps, rules: [{ alert: Missing, expr: up < 3 }] }]\n";
const newRules = "groups: [{ name: apps, rules: [{ alert: Missing, expr: up < 6 }] }]\n";
const runningRules = (query: string) => [{ name: "apps", rules: [{ name: "Missing", query }] }];

beforeEach(async () => {
  engine = await new FakeDocker().start();
  prometheus = {
    running: oldConfig,
    rules: runningRules("up < 3"),
    successful: true,
    lastSuccess: 1,
  };
  signals = [];
  engine.inspect = () => ({ State: { Running: true, Restarting: false } });
  engine.run = (command) => ({ exitCode: 0, output: answer(command.at(-1) ?? "") });
  inputs = {
    dockerHost: { uri: engine.uri },
    container: "p",
    config: oldConfig,
    rules: oldRules,
    revision: "1",
  };
});

afterEach(async () => {
  jest.restoreAllMocks();
  await engine.stop();
});

function answer(url: string): string {
  if (url.endsWith("/api/v1/status/config"))
    return JSON.stringify({ data: { yaml: prometheus.running } });
  if (url.endsWith("/api/v1/rules")) {
    return JSON.stringify({ data: { groups: prometheus.rules } });
  }
  const [, query] = /format_query\?query=(.*)/.exec(url) ?? [];
  // Prometheus spells a query its own way, such as with a space on both sides of an operator.
  if (query !== undefined) {
    return JSON.stringify({ data: decodeURIComponent(query).replace(/\s*<\s*/, " < ") });
  }
  if (!url.endsWith("/metrics")) return "ready";
  return [
    "# TYPE prometheus_config_last_reload_successful gauge",
    `prometheus_config_last_reload_successful ${prometheus.successful ? 1 : 0}`,
    `prometheus_config_last_reload_success_timestamp_seconds ${prometheus.lastSuccess}`,
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
  const { rules, lastSuccess } = prometheus;
  prometheus = { running, rules, successful: true, lastSuccess: lastSuccess + 1 };
};

const update = () =>
  provider.update("running", inputs, { ...inputs, config: newConfig, revision: "2" });

describe("prometheusReload", () => {
  it("reloads a running Prometheus, and keeps no second copy of its files' texts", async () => {
    onReload(accept(newConfig));
    const { dockerHost, container } = inputs;
    expect((await update()).outs).toStrictEqual({ dockerHost, container, revision: "2" });
    expect(signals).toStrictEqual(["SIGHUP"]);
  });

  it("does not reload a Prometheus that started with its files", async () => {
    onReload(accept(newConfig));
    await provider.create(inputs);
    expect(signals).toStrictEqual([]);
  });

  it("gives Prometheus' own words when it refuses the configuration", async () => {
    engine.log = 'err="parsing YAML file: line 3"\n';
    onReload(() => (prometheus.successful = false));
    await expect(update()).rejects.toThrow(
      "Prometheus refuses the new configuration and keeps running the old one. " +
        'It says:\n    err="parsing YAML file: line 3"',
    );
  });

  it("waits for the new reload where the one before had failed", async () => {
    prometheus.successful = false;
    onReload(() => setTimeout(accept(newConfig), 300));
    await update();
    expect(prometheus.running).toBe(newConfig);
  });

  it("notices a reload that does not happen", async () => {
    // The deadline is taken after the signal: it moves on with every look at the clock.
    let clock = 4_000_000_000_000;
    onReload(() => jest.spyOn(Date, "now").mockImplementation(() => (clock += 20_000)));
    await expect(update()).rejects.toThrow("Prometheus was told to reload and did not");
  });

  it("notices a reload of other files than those that were written", async () => {
    onReload(accept("global: { scrape_interval: 15s }\n"));
    await expect(update()).rejects.toThrow(
      'another configuration than the one that was written for it: global.scrape_interval is "15s" where "20s" is wanted',
    );
  });

  it("notices rules that are still the old ones after a reload", async () => {
    onReload(accept(oldConfig));
    await expect(
      provider.update("running", inputs, { ...inputs, rules: newRules }),
    ).rejects.toThrow("apps: Missing is `up < 3` where `up < 6` is wanted");
  });

  it("takes a rule that Prometheus spells its own way for the same rule", async () => {
    onReload(accept(oldConfig));
    const rules = oldRules.replace("up < 3", "up<3");
    await provider.create({ ...inputs, rules });
    expect(signals).toStrictEqual([]);
  });

  it("reloads a Prometheus that was never told of the rules that are there", async () => {
    onReload(() => {
      accept(oldConfig)();
      prometheus.rules = runningRules("up < 6");
    });
    await provider.create({ ...inputs, rules: newRules });
    expect(signals).toStrictEqual(["SIGHUP"]);
  });

  it("checks a container that was recreated, without a reload", async () => {
    const olds = { ...inputs, container: "older" };
    onReload(accept(newConfig));
    await provider.update("running", olds, inputs);
    expect(signals).toStrictEqual([]);
  });

  it("reports a Prometheus that ended with its last log lines", async () => {
    engine.log = "out of disk\n";
    engine.run = () => ({ exitCode: 1, output: "refused\n" });
    engine.inspect = () => ({ State: { Running: false, Restarting: false } });
    await expect(provider.create(inputs)).rejects.toThrow(
      "Prometheus does not become ready (refused). It says:\n    out of disk",
    );
  });

  describe("drift", () => {
    const read = async (olds = inputs) => {
      const { id, props } = await provider.read("running", olds);
      const { changes } = await provider.diff(id, props, inputs);
      return { changes, difference: props.difference };
    };
    const none = { changes: false, difference: undefined };

    it("is another running configuration", async () => {
      expect(await read()).toStrictEqual(none);
      prometheus.running = newConfig;
      expect(await read()).toStrictEqual({
        changes: true,
        difference: 'global.scrape_interval is "20s" where "10s" is wanted',
      });
    });

    it("is other rules", async () => {
      prometheus.rules = [];
      expect(await read()).toStrictEqual({ changes: true, difference: "there are no rules apps" });
    });

    it("ends with the update that corrects it, or when it is found no more", async () => {
      const drifted = { ...inputs, difference: "there are no rules apps" };
      onReload(accept(oldConfig));
      const { outs } = await provider.update("running", drifted, inputs);
      expect((await provider.diff("running", outs, inputs)).changes).toBe(false);
      expect(await read(drifted)).toStrictEqual(none);
    });

    it("is not a Prometheus that cannot be asked", async () => {
      prometheus.running = newConfig;
      engine.run = () => ({ exitCode: 126, output: "" });
      expect(await read()).toStrictEqual(none);
    });

    it("is not what earlier versions kept in their states", async () => {
      const olds = { ...inputs, running: oldConfig };
      const { props } = await provider.read("running", olds);
      expect(props).toEqual(olds);
      expect((await provider.diff("running", props, inputs)).changes).toBe(false);
    });
  });

  it("changes with its container and with its files' revision", async () => {
    const changes = async (news: Partial<PrometheusReloadInputs>) =>
      (await provider.diff("running", inputs, { ...inputs, ...news })).changes;
    expect(await changes({})).toBe(false);
    expect(await changes({ revision: "2" })).toBe(true);
    expect(await changes({ container: "another" })).toBe(true);
  });
});
